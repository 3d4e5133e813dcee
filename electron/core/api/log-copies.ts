import { createReadStream, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogCopy } from '../store/copy-log.ts';
import type { SiteId } from '../store/paths.ts';
import { NotNow, ReaderThread } from '../store/reader-thread.ts';

/** Bounds of a copy, in ms. None is of the time that it takes: a large log on a slow disk takes long. */
export interface CopyBounds {
  /** After so long who asks is told to ask again; the copy goes on being made. Nobody waits so long for an answer as to give up. */
  readonly answer: number;
  /** A copy whose file was not written to for so long ends: the disk does not give or take. */
  readonly stalled: number;
  /** One that nobody asks for any more ends after so long. */
  readonly abandoned: number;
}

const BOUNDS: CopyBounds = { answer: 20_000, stalled: 5 * 60_000, abandoned: 60_000 };
const LOOK_MS = 1_000;
/** As long as a timer goes. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** Writes the copy to a file that is not there yet; `stop` resolves once nothing is written any more. */
export type Maker = (to: string) => { readonly made: Promise<LogCopy>; stop(): Promise<void> };

interface Work {
  readonly made: Promise<LogCopy>;
  readonly stop: () => void;
}

/** Copies of the log for stations that join, one at a time, each made beside the log in a thread of its own and gone once it is sent. */
export class LogCopies {
  readonly #file: string;
  readonly #copy: string;
  readonly #make: Maker;
  readonly #bounds: CopyBounds;
  #work: Work | undefined;
  /** Somebody waits for it, it is being sent, or its thread is ending. */
  #taken = false;
  #abandoned: NodeJS.Timeout | undefined;

  constructor(file: string, id: SiteId, { make = threadOf(file, id), bounds = BOUNDS }: { make?: Maker; bounds?: CopyBounds } = {}) {
    this.#file = file;
    this.#copy = `${file}.copy`;
    this.#make = make;
    this.#bounds = bounds;
    // What a core left behind that was killed while it sent one.
    this.#remove();
  }

  /**
   * Begins a copy, or takes up the one that is being made. `made` rejects with {@link NotNow} while it is not ready: whoever
   * asks again in time finds it further, or gets it. `end` is to be called whichever way the answer ends; a copy that was given
   * is then gone.
   * Throws {@link NotNow} while somebody else waits for it or is sent it, and where there is no room for it.
   */
  begin(): { made: Promise<LogCopy & { stream: Readable }>; end: () => void } {
    if (this.#taken) throw new NotNow('a copy of the log is on its way to another station already');
    const work = (this.#work ??= this.#begun());
    this.#taken = true;
    clearTimeout(this.#abandoned);
    const patience = new AbortController();
    let stream: Readable | undefined;
    const made = Promise.race([work.made, this.#notYet(patience.signal)]).then((copy) => {
      if (patience.signal.aborted) throw new NotNow('whoever asked for the copy has gone');
      return { ...copy, stream: (stream = createReadStream(this.#copy)) };
    });
    // Nobody may be waiting for it any more.
    made.catch(() => {});
    const end = () => {
      if (patience.signal.aborted) return;
      patience.abort();
      stream?.destroy();
      if (stream) return work.stop();
      if (this.#work !== work) return;
      this.#taken = false;
      this.#abandoned = setTimeout(work.stop, this.#bounds.abandoned).unref();
    };
    return { made, end };
  }

  #begun(): Work {
    this.#room();
    this.#remove();
    const { made, stop } = this.#make(this.#copy);
    const still = new Standstill(this.#bounds.stalled);
    let fail: (error: Error) => void;
    const stalled = new Promise<never>((_, reject) => (fail = reject));
    const watch = setInterval(() => still.lasts(this.#mark(), performance.now()) && fail(new NotNow(`the copy of the log was given up: for ${this.#bounds.stalled / 1_000} s nothing was written to it`)), Math.min(LOOK_MS, this.#bounds.stalled / 4)).unref();
    let ended = false;
    const work: Work = {
      made: Promise.race([made, stalled]).finally(() => clearInterval(watch)),
      stop: () => {
        if (ended) return;
        ended = true;
        clearInterval(watch);
        clearTimeout(this.#abandoned);
        this.#work = undefined;
        this.#taken = true;
        // A thread in the midst of copying ends with its statement; until then there is no room for another.
        void stop().finally(() => {
          this.#remove();
          this.#taken = false;
        });
      },
    };
    work.made.catch(work.stop);
    return work;
  }

  async #notYet(signal: AbortSignal): Promise<never> {
    await sleep(this.#bounds.answer, undefined, { signal }).catch(() => {
      throw new NotNow('whoever asked for the copy has gone');
    });
    const { size } = statSync(this.#copy, { throwIfNoEntry: false }) ?? { size: 0 };
    throw new NotNow(`a copy of the log is being made: it has ${size} bytes of at most ${statSync(this.#file).size}; ask again until it is sent`);
  }

  /** Changes as long as something is written. */
  #mark(): string {
    return ['', '-journal'].map((suffix) => statSync(this.#copy + suffix, { throwIfNoEntry: false })).map((file) => `${file?.size} ${file?.mtimeMs}`).join();
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

const threadOf = (file: string, id: SiteId): Maker => (to) => {
  const reader = new ReaderThread({ file, id }, { limitMs: NO_LIMIT_MS });
  return { made: reader.ask('copy-log', { to }), stop: () => reader.close() };
};

/** Tells work that goes on, however slowly, from work that stands still. */
export class Standstill {
  readonly #limitMs: number;
  #mark: string | undefined;
  #since = -Infinity;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Whether `mark`, which changes as long as the work goes on, has been the same for the limit. @param now monotonic ms */
  lasts(mark: string, now: number): boolean {
    if (mark !== this.#mark) [this.#mark, this.#since] = [mark, now];
    return now - this.#since >= this.#limitMs;
  }
}
