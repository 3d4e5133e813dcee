import { randomBytes } from 'node:crypto';
import { finished, pipeline, Transform, type Readable } from 'node:stream';
import type { FileProgress } from '#shared/api/exports.ts';

/** A file that is made while it is read. */
export interface MadeFile {
  readonly name: string;
  readonly media: string;
  readonly bytes: Readable;
}

interface Waiting {
  readonly file: MadeFile;
  state: FileProgress['state'];
  bytes: number;
}

/** Files that nobody fetches within this time end. */
const FETCHED_MS = 60_000;
/** How a file ended is told for so long. */
const TOLD_MS = 10 * 60_000;
/** Each has a page of rows in memory. */
const MOST = 16;

/** Files that pages have had made, each for one who fetches it by its name, which nobody can guess. */
export class WaitingFiles {
  readonly #files = new Map<string, Waiting>();

  /** Takes a file in and gives its name; undefined while too many are under way. `stop` ends its making. */
  keep({ bytes, ...file }: MadeFile, stop: () => void): string | undefined {
    if ([...this.#files.values()].filter(isOpen).length >= MOST) return undefined;
    const id = randomBytes(32).toString('base64url');
    const passing = new Transform({ transform: (chunk: Buffer, _encoding, done) => {
      waiting.bytes += chunk.length;
      done(null, chunk);
    } });
    const waiting: Waiting = { file: { ...file, bytes: passing }, state: 'waiting', bytes: 0 };
    let failed = false;
    // Ending what passes ends the making with an error too: that is no failure of it.
    bytes.once('error', () => (failed = !passing.destroyed));
    pipeline(bytes, passing, () => stop());
    finished(passing, (error) => {
      clearTimeout(unfetched);
      if (isOpen(waiting)) waiting.state = error ? (failed ? 'failed' : 'left') : 'sent';
      setTimeout(() => this.#files.delete(id), TOLD_MS).unref();
    });
    const unfetched = setTimeout(() => this.#end(waiting, 'left'), FETCHED_MS).unref();
    this.#files.set(id, waiting);
    return id;
  }

  /** The file, once; undefined where there is none that waits. */
  take(id: string): MadeFile | undefined {
    const waiting = this.#files.get(id);
    if (waiting?.state !== 'waiting') return undefined;
    waiting.state = 'sending';
    return waiting.file;
  }

  progress(id: string): FileProgress | undefined {
    const waiting = this.#files.get(id);
    return waiting && { state: waiting.state, bytes: waiting.bytes };
  }

  /** Ends a file that is under way; false where there is none of this name. */
  cancel(id: string): boolean {
    const waiting = this.#files.get(id);
    if (!waiting) return false;
    this.#end(waiting, 'cancelled');
    return true;
  }

  #end(waiting: Waiting, state: FileProgress['state']): void {
    if (!isOpen(waiting)) return;
    waiting.state = state;
    waiting.file.bytes.destroy();
  }
}

const isOpen = ({ state }: Waiting): boolean => state === 'waiting' || state === 'sending';
