import type { AuditEntry } from '../access/audit.ts';
import type { AuditDesk } from '../access/audit-desk.ts';

const HOUR_MS = 3_600_000;
const LOOK_MS = 60_000;

/** A page of the log as it was given: the position it begins after, its last one, and how many events it holds. */
export interface PageGiven {
  readonly after: number;
  readonly next: number;
  readonly events: number;
}

/** What a reader was given since the last entry about it. */
interface Reading {
  readonly actor: AuditEntry['actor'];
  since: number;
  given: { after: number; upTo: number; pages: number; events: number };
  last: number;
}

/**
 * Who reads the log page by page. The trail holds who begins and where, once an hour what was read since, and at the end the
 * rest: an entry a page would bury all others. Pages without an event tell nothing and leave nothing.
 */
export class LogReaders {
  readonly #desk: Pick<AuditDesk, 'ready' | 'write'>;
  readonly #now: () => number;
  readonly #readers = new Map<string, Reading>();
  readonly #timer = setInterval(() => void this.look(), LOOK_MS).unref();

  /** @param now ms of a clock that never goes back */
  constructor(desk: Pick<AuditDesk, 'ready' | 'write'>, now: () => number = () => performance.now()) {
    this.#desk = desk;
    this.#now = now;
  }

  /** Resolves when the page may be given: what the trail is to hold of it is on disk, or is counted for the next entry. */
  async give(actor: AuditEntry['actor'], { after, next, events }: PageGiven): Promise<void> {
    await this.#desk.ready();
    if (events === 0) return;
    const now = this.#now();
    const key = JSON.stringify([actor.kind, actor.name, actor.from]);
    const known = this.#readers.get(key);
    const reading = known ?? { actor, since: now, given: nothingAfter(after), last: now };
    this.#readers.set(key, reading);
    const { given } = reading;
    Object.assign(reading, { last: now, given: { after: given.after, upTo: next, pages: given.pages + 1, events: given.events + events } });
    if (!known) {
      return this.#write(reading, 'begins', { after }).catch((error: unknown) => {
        this.#readers.delete(key);
        throw error;
      });
    }
    if (now - reading.since >= HOUR_MS) await this.#tell(reading, 'goes on');
  }

  /** Tells of those that have read nothing for an hour, and forgets them. Called by itself once a minute. */
  async look(): Promise<void> {
    await this.#end(([, { last }]) => this.#now() - last >= HOUR_MS);
  }

  /** Tells of what was read and not told yet. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#end(() => true);
  }

  async #end(which: (one: [string, Reading]) => boolean): Promise<void> {
    for (const [key, reading] of [...this.#readers].filter(which)) {
      this.#readers.delete(key);
      // What cannot be written now waits at the desk.
      await this.#tell(reading, 'ended').catch(() => undefined);
    }
  }

  #tell(reading: Reading, state: string): Promise<void> {
    const { given } = reading;
    Object.assign(reading, { since: this.#now(), given: nothingAfter(given.upTo) });
    return this.#write(reading, state, given);
  }

  #write({ actor }: Reading, state: string, subject: AuditEntry['subject']): Promise<void> {
    return this.#desk.write({ action: 'readLog', actor, outcome: 'done', subject: { state, ...subject } });
  }
}

const nothingAfter = (position: number): Reading['given'] => ({ after: position, upTo: position, pages: 0, events: 0 });
