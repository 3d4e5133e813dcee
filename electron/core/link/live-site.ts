import type { FloorPlan } from '#shared/floorplan.ts';
import type { TroubleName } from '#shared/sources.ts';
import type { FrameItem } from '#shared/views/frame.ts';
import { TREND_MS } from '#shared/views/trend.ts';
import type { Clock } from '../clock/clock.ts';
import type { House } from '../domain/house.ts';
import { KEEP_CLOSED_MS } from '../domain/memory.ts';
import { isOpen } from '../domain/open.ts';
import { FOLDED_KINDS, type FoldedKind } from '../domain/states.ts';
import type { Outcome } from '../store/outcome.ts';
import { openForReading, type Db } from '../store/open.ts';
import { ReadBack, type ClosedEntity } from '../store/read-back.ts';
import { newestEventTime, readPresent } from '../store/read-house.ts';
import { readSamples } from '../store/samples.ts';
import { storedSiteConfig } from '../store/site-config.ts';
import type { SiteId } from '../store/paths.ts';
import type { Change, ViewContext } from '../views/context.ts';
import { Changes } from './changes.ts';
import { Feeds } from './feeds.ts';
import { Trends } from './trends.ts';

/** Rows read at once of what is over, and entities let go of at once: a ms or two. */
const PAGE = 100;
const KINDS: ReadonlySet<string> = new Set(FOLDED_KINDS);
/**
 * Most of what is over that memory holds, a few hundred megabytes: five times what a hospital of 600 beds has in the time
 * that it is kept. Beyond, the oldest goes first, and what looks back further than memory is unknown.
 */
const MOST_CLOSED = 300_000;
const NOT_KEPT = 'more has been over since than this station keeps in memory';

/** The present of one site in the network loop's memory: a copy of what the writer has committed. */
export class LiveSite {
  readonly house: House;
  readonly trends = new Trends();
  readonly feeds = new Feeds();
  readonly #clock: Clock;
  readonly #plans: ReadonlyMap<string, FloorPlan>;
  readonly #mostClosed: number;
  /** What was over when the core started, the newest first. */
  readonly #closedBefore: ClosedEntity[] = [];
  /** What has closed since, or was spoken of again, in that order. */
  readonly #closed = new Map<string, ClosedEntity>();
  readonly #changes = new Changes();
  #constructed: boolean;
  /** What is still to be read; undefined once everything is there. */
  #behind: { readonly db: Db; readonly back: ReadBack } | undefined;
  /** Where looking for what closed long ago goes on. */
  #looking: Iterator<[string, ClosedEntity]> | undefined;
  eventTime: number;
  broker: FrameItem['broker'] = 'connecting';
  deadLetters = 0;
  /** What is wrong with the station, by name. */
  troubles: readonly TroubleName[] = [];

  /**
   * Reads the present from a store by index; the log is not touched. What was over lately is many times as much: it
   * follows by {@link readOn}, and until it is there metrics that need it are unknown.
   */
  constructor(file: string, id: SiteId, clock: Clock, plans: ReadonlyMap<string, FloorPlan>, mostClosed = MOST_CLOSED) {
    this.#mostClosed = mostClosed;
    this.#clock = clock;
    this.#plans = plans;
    const db = openForReading(file);
    try {
      const newest = newestEventTime(db) ?? 0;
      this.eventTime = newest;
      this.house = readPresent(db, storedSiteConfig(db, id));
      this.house.closedSince = newest + 1;
      this.trends.load(readSamples(db, newest - TREND_MS));
      this.feeds.load(db, clock.now());
      this.#constructed = db.prepare('SELECT 1 FROM ops_event WHERE constructed IS NOT NULL LIMIT 1').get() !== undefined;
      this.#behind = { db, back: new ReadBack(db, this.house, { since: newest - KEEP_CLOSED_MS }) };
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Whether what was over lately has been read too. */
  get whole(): boolean {
    return this.#behind === undefined;
  }

  /** Reads what was over lately, the newest first, for about `ms`; without, all that is left. Returns {@link whole}. */
  readOn(ms = Infinity): boolean {
    const until = performance.now() + ms;
    while (this.#behind) {
      const { back } = this.#behind;
      this.#closedBefore.push(...back.next(PAGE));
      if (this.#closedBefore.length >= this.#mostClosed) back.leaveRest();
      if (back.whole) {
        this.house.lackReason = NOT_KEPT;
        this.stopReading();
      } else if (performance.now() >= until) break;
    }
    return this.whole;
  }

  /** Lets go of the file. */
  stopReading(): void {
    this.#behind?.db.close();
    this.#behind = undefined;
  }

  /** Takes over what a commit changed. */
  apply(outcome: Outcome): void {
    for (const { kind, id, state, changed } of outcome.changes) if (KINDS.has(kind)) this.#put(kind as FoldedKind, id, state, changed);
    this.feeds.apply(outcome, this.#clock.now());
    this.eventTime = Math.max(this.eventTime, outcome.newest);
    this.#constructed ||= outcome.constructed;
  }

  /** Changes since the last call, several of one entity as one. */
  takeChanges(): Change[] {
    return this.#changes.take();
  }

  context(): ViewContext {
    const now = this.#clock.now();
    return {
      house: this.house,
      now,
      trend: (metric, scope) => this.trends.get(metric, scope),
      feeds: this.feeds.items(this.house.site, now),
      toldBy: this.feeds.toldBy,
      clock: { mode: this.#clock.mode, at: now, sentAt: Date.now(), speed: this.#clock.speed },
      broker: this.broker,
      deadLetters: this.deadLetters,
      troubles: this.troubles,
      constructed: this.#constructed,
      plans: this.#plans,
    };
  }

  /**
   * Lets go of what closed long ago, or is more than memory may hold; the store keeps it. For about `ms`, without to the
   * end; returns whether it came there.
   */
  forgetClosed(ms = Infinity): boolean {
    const until = performance.now() + ms;
    const limit = this.#clock.now() - KEEP_CLOSED_MS;
    // Whoever looks back no further than what is kept lacks nothing.
    if (this.whole && this.house.closedSince <= limit) this.house.closedSince = -Infinity;
    // What is too much goes by age: from the beginning.
    if (this.#isFull()) this.#looking = undefined;
    for (let looked = 1; this.#forgetNext(limit); looked++) if (looked % PAGE === 0 && performance.now() >= until) return false;
    return true;
  }

  /** Looks at one that is over, the oldest first, and lets go of it if it is to go; false when there is none left to look at. */
  #forgetNext(limit: number): boolean {
    const goes = ({ at }: ClosedEntity) => at < limit || this.#isFull();
    const oldest = this.#closedBefore.at(-1);
    if (oldest && goes(oldest)) {
      this.#closedBefore.pop();
      if (!this.#closed.has(keyOf(oldest.kind, oldest.id)) && this.#isClosed(oldest)) this.#letGo(oldest, limit);
      return true;
    }
    this.#looking ??= this.#closed.entries();
    const { done, value } = this.#looking.next();
    if (done) {
      this.#looking = undefined;
      return false;
    }
    const [key, entity] = value;
    if (!goes(entity)) return true;
    this.#closed.delete(key);
    this.#letGo(entity, limit);
    return true;
  }

  #isFull(): boolean {
    return this.#closedBefore.length + this.#closed.size > this.#mostClosed;
  }

  #isClosed({ kind, id }: ClosedEntity): boolean {
    const state = this.house.get(kind, id);
    return state !== undefined && !isOpen(kind, state);
  }

  #letGo({ kind, id, at }: ClosedEntity, limit: number): void {
    this.house.letGo(kind, id);
    if (at >= limit) this.house.closedSince = Math.max(this.house.closedSince, at + 1);
  }

  #put(kind: FoldedKind, id: string, state: unknown, at: number): void {
    const before = this.house.get(kind, id);
    const isOver = state !== undefined && !isOpen(kind, state);
    const after = isOver ? compact(state) : state;
    this.house.put(kind, id, after as never);
    this.#changes.add({ kind, id, before, after } as Change);
    const key = keyOf(kind, id);
    // Taken out first: the map goes by when an entity was spoken of last.
    this.#closed.delete(key);
    if (isOver) this.#closed.set(key, { kind, id, at });
  }
}

/**
 * As it would be read from the store: what came from another thread takes 726 bytes where JSON's own takes 430, for days
 * (one stay, measured; 5 µs each).
 */
const compact = (state: unknown): unknown => JSON.parse(JSON.stringify(state));

const keyOf = (kind: FoldedKind, id: string) => `${kind} ${id}`;
