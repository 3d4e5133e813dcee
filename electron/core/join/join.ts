import { setTimeout as sleep } from 'node:timers/promises';
import type { JoinState } from '#shared/api/status.ts';
import type { LogPageBody } from '#shared/api/log.ts';
import type { Joined } from '../store/joined.ts';
import type { SiteId } from '../store/paths.ts';
import type { Answer, Ask } from '../store/writer-protocol.ts';
import { hubPage, HubRefusal, reasonOf, TRIMMED } from './hub-log.ts';

/** At the end of the log the hub is asked again so often: what it held back, or released from quarantine, comes this way. */
const FOLLOW_MS = 5_000;
const RETRY_MS = 2_000;
/** Refusals need somebody to do something. */
const REFUSED_MS = 30_000;
const TELL_MS = 2_000;
/** The position is of another log than the hub's. */
const OTHER_LOG = 409;

export interface JoinOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly id: SiteId;
  /** This station's log. */
  readonly file: string;
  /** Fingerprint of this station's site key. */
  readonly key: string;
  readonly joined: Joined | undefined;
  /** State hash of this station's newest baseline; null without one. */
  readonly baseline: () => string | null;
  readonly ask: (ask: Ask) => Promise<Answer>;
  /** Whether the broker brings what is new: before, there would be a gap. */
  readonly live: () => boolean;
  readonly log: (line: string) => void;
}

/**
 * Takes the hub's log over, page by page, while the broker brings what is new: the two overlap, and what comes twice
 * changes nothing. Goes on from where it was when it was stopped, and follows the log slowly once it has its end.
 */
export class Join {
  readonly #options: JoinOptions;
  readonly #stop = new AbortController();
  #at: Joined;
  #whole = false;
  #newest = 0;
  #left = 0;
  #problem: string | undefined;
  #told = -Infinity;
  readonly #running: Promise<void>;

  constructor(options: JoinOptions) {
    this.#options = options;
    this.#at = options.joined ?? { position: 0, check: null };
    this.#running = this.#run();
  }

  get state(): JoinState {
    const state = this.#problem !== undefined ? 'failing' : this.#whole ? 'following' : 'catching-up';
    return { state, position: this.#at.position, newest: Math.max(this.#newest, this.#at.position), left: this.#left, ...(this.#problem === undefined ? {} : { problem: this.#problem }) };
  }

  /** False until the end of the hub's log was reached, since this start. */
  get whole(): boolean {
    return this.#whole;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) await sleep(await this.#step(), undefined, { signal }).catch(() => undefined);
  }

  /** Takes a page; returns how long to wait for the next, in ms. */
  async #step(): Promise<number> {
    const { url, token, baseline, live } = this.#options;
    if (!live()) return RETRY_MS / 10;
    try {
      const { position: after, check } = this.#at;
      const page = await hubPage(url, token, { after, check, baseline: baseline() }, this.#stop.signal);
      this.#fits(page);
      await this.#take(page);
      if (this.#problem !== undefined) this.#options.log(`the hub at ${url} answers again`);
      this.#problem = undefined;
      return page.next < page.newest ? 0 : FOLLOW_MS;
    } catch (error) {
      return this.#failed(error as Error);
    }
  }

  #fits({ tenant, site, key }: LogPageBody): void {
    const { id } = this.#options;
    if (tenant !== id.tenant || site !== id.site) throw new HubRefusal(422, `it keeps ${tenant}/${site}, this station ${id.tenant}/${id.site}: give --tenant and --site of the hub`);
    if (key !== this.#options.key) throw new HubRefusal(422, 'its pseudonyms are made with another site key: give --key-file of the hub, with a data directory of its own');
  }

  async #take({ events, next, check, newest }: LogPageBody): Promise<void> {
    const whole = this.#whole || next >= newest;
    this.#newest = newest;
    if (events.length === 0 && whole === this.#whole) return;
    const joined = { position: next, check };
    const found = events.map(({ source, id, type, time, sequence, constructed, data, hash, received }) => ({
      event: { source, id, type, time, ...(sequence === null ? {} : { sequence }), ...(constructed === null ? {} : { constructed }), data },
      hash: Buffer.from(hash, 'hex'),
      received,
    }));
    const answer = await this.#options.ask({ what: 'join', events: found, joined, whole });
    if (!answer.ok) throw new Error(`this store takes nothing: ${answer.problem}`);
    this.#left += answer.left ?? 0;
    this.#at = joined;
    this.#tell(whole);
    this.#whole = whole;
  }

  #tell(whole: boolean): void {
    const { log, url } = this.#options;
    const { position } = this.#at;
    if (whole && !this.#whole) return log(`joined ${url}: its log is here up to position ${position}${this.#left > 0 ? `, without ${this.#left} events that this version does not know` : ''}`);
    if (whole || performance.now() - this.#told < TELL_MS) return;
    this.#told = performance.now();
    log(`joining ${url}: ${position} of ${this.#newest}`);
  }

  /** What is to be done where the hub has trimmed what this station lacks. */
  #beyond(): string {
    const { file } = this.#options;
    return `it has trimmed events after position ${this.#at.position} of its log, which this station lacks, and this station's store is not empty, so it stays as it is. To begin with a copy of the hub's log: stop this station, move ${file} and its vault away or give --data of a new directory, and start it again with --join.`;
  }

  #failed(error: Error): number {
    if (this.#stop.signal.aborted) return 0;
    const { log, url } = this.#options;
    if (error instanceof HubRefusal && error.status === OTHER_LOG) {
      log(`the hub at ${url} has another log by now: it is read from its beginning`);
      this.#at = { position: 0, check: null };
      return 0;
    }
    const problem = error instanceof HubRefusal && error.status === TRIMMED ? this.#beyond() : reasonOf(error);
    if (problem !== this.#problem) log(`the hub at ${url} cannot be joined: ${problem}`);
    this.#problem = problem;
    return error instanceof HubRefusal ? REFUSED_MS : RETRY_MS;
  }
}
