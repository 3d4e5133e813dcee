import { createReadStream, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import type { LogCopy } from '../store/copy-log.ts';
import type { SiteId } from '../store/paths.ts';
import { NotNow, ReaderThread } from '../store/reader-thread.ts';

/** Who asks waits five minutes for the first byte (undici); a log that takes longer is for `vigil backup`. */
const MAKE_MS = 4.5 * 60_000;

/** Copies of the log for stations that join, one at a time, each made beside the log in a thread of its own and gone once it is sent. */
export class LogCopies {
  readonly #file: string;
  readonly #id: SiteId;
  readonly #copy: string;
  #busy = false;

  constructor(file: string, id: SiteId) {
    this.#file = file;
    this.#id = id;
    this.#copy = `${file}.copy`;
    // What a core left behind that was killed while it sent one.
    this.#remove();
  }

  /**
   * Makes a copy. It lies on disk until `end` is called, which may be at any time; `stream` then fails.
   * Throws {@link NotNow} while another is on its way, and where there is no room for it.
   */
  begin(): { made: Promise<LogCopy & { stream: Readable }>; end: () => void } {
    if (this.#busy) throw new NotNow('a copy of the log is on its way to another station already');
    this.#room();
    this.#busy = true;
    this.#remove();
    const reader = new ReaderThread({ file: this.#file, id: this.#id }, { limitMs: MAKE_MS });
    const gone = new AbortController();
    const asked = new Promise<never>((_, reject) => gone.signal.addEventListener('abort', () => reject(new NotNow('whoever asked for the copy has gone'))));
    // Nobody may be waiting for it any more.
    asked.catch(() => {});
    let stream: Readable | undefined;
    const end = () => {
      if (gone.signal.aborted) return;
      gone.abort();
      stream?.destroy();
      // A thread in the midst of copying ends with its statement; until then there is no room for another.
      void reader.close().finally(() => {
        this.#remove();
        this.#busy = false;
      });
    };
    const made = Promise.race([reader.ask('copy-log', { to: this.#copy }), asked]);
    return { made: made.then((copy) => ({ ...copy, stream: (stream = createReadStream(this.#copy)) })), end };
  }

  #room(): void {
    const { bavail, bsize } = statfsSync(dirname(this.#file));
    const needed = statSync(this.#file).size;
    if (bavail * bsize < needed) throw new NotNow(`there is no room for a copy of the log beside it: ${needed} bytes are needed, ${bavail * bsize} are free`);
  }

  #remove(): void {
    for (const suffix of ['', '-journal']) rmSync(this.#copy + suffix, { force: true });
  }
}
