import { parseSource, type DomainEvent } from '#shared/events/envelope.ts';
import type { SourceChange, SourceRecord, SourceRegistration } from '#shared/sources.ts';
import type { Db } from './open.ts';
import type { SiteId } from './paths.ts';

/** What becomes of a source that nobody registered: its events count, or wait until somebody accepts it. */
export type UnknownSources = 'accept' | 'quarantine';

/** Sources that make themselves known by their messages; more are junk that would fill the table. */
const MAX_BY_CONTACT = 10_000;
/** Share of the newest lag in the smoothed one: about the last 20 events. */
const SMOOTHING = 0.1;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Row = Omit<Source, 'types'> & { readonly types: string };
/** A source's row in memory; `sourceId` is what `ops_event` refers to, `saidAt` the time of its last `source.registered`. */
export interface Source extends Mutable<Omit<SourceRecord, 'types'>> {
  readonly sourceId: number;
  readonly types: Record<string, number>;
  saidAt: number | null;
}

/** What waits of all sources together. */
interface Queues {
  waiting: number;
  waitingBytes: number;
  heldBytes: number;
}

const COLUMNS = `source_id AS sourceId, uri, source AS kind, instance, state, registered_by AS registeredBy, said_at AS saidAt, title,
  interval_s AS intervalSeconds, silence_limit_s AS silenceLimitSeconds, expected_per_hour AS expectedPerHour,
  first_contact AS firstContact, last_contact AS lastContact, last_event_time AS lastEventTime, types, lag_ms AS lagMs, smoothed_lag_ms AS smoothedLagMs,
  accepted, duplicates, refused, waiting, waiting_bytes AS waitingBytes, held, held_bytes AS heldBytes, overflowed`;

const recordOf = ({ sourceId: _id, saidAt: _said, ...record }: Source): SourceRecord => record;

const sourceOf = (row: Row): Source => ({ ...row, types: JSON.parse(row.types) as Source['types'] });

/** Every source of a store, by kind and instance. */
export function readSources(db: Db): SourceRecord[] {
  return db.prepare<[], Row>(`SELECT ${COLUMNS} FROM ops_event_source ORDER BY source, instance`).all().map((row) => recordOf(sourceOf(row)));
}

/** SQL: whether the row's `source` is `@source`, a CloudEvents source or the part of one that names kind, or kind/instance. */
export const OF_SOURCE = "instr('/' || source || '/', '/' || @source || '/') > 0";

export const sourceUri = ({ tenant, site }: SiteId, kind: string, instance: string) => `//${tenant}/${site}/${kind}/${instance}`;

/** The registry of sources: rows are read once, changed in memory and written with the batch that changed them. */
export class Sources {
  readonly #statements;
  /** What becomes of a source that nobody registered. */
  unknown: UnknownSources;
  readonly #known = new Map<string, Source>();
  readonly #dirty = new Set<Source>();
  readonly #news = new Set<Source>();
  readonly #stale = new Set<string>();
  #byContact: number | undefined;
  #queues: Queues | undefined;

  constructor(db: Db, unknown: UnknownSources) {
    this.unknown = unknown;
    this.#statements = {
      get: db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM ops_event_source WHERE uri = ?`),
      queued: db.prepare<[], { uri: string }>("SELECT uri FROM ops_event_source WHERE waiting > 0 AND state <> 'quarantined' ORDER BY source_id"),
      heard: db.prepare<[], string>('SELECT uri FROM ops_event_source WHERE last_contact IS NOT NULL').pluck(),
      queues: db.prepare<[], Queues>('SELECT IFNULL(SUM(waiting), 0) AS waiting, IFNULL(SUM(waiting_bytes), 0) AS waitingBytes, IFNULL(SUM(held_bytes), 0) AS heldBytes FROM ops_event_source'),
      byContact: db.prepare<[], { n: number }>("SELECT COUNT(*) AS n FROM ops_event_source WHERE registered_by = 'contact'"),
      add: db.prepare('INSERT INTO ops_event_source (uri, source, instance, state, registered_by) VALUES (?, ?, ?, ?, ?)'),
      put: db.prepare(`UPDATE ops_event_source SET state = @state, registered_by = @registeredBy, said_at = @saidAt, title = @title, interval_s = @intervalSeconds,
        silence_limit_s = @silenceLimitSeconds, expected_per_hour = @expectedPerHour, first_contact = @firstContact, last_contact = @lastContact,
        last_event_time = @lastEventTime, types = @types, lag_ms = @lagMs, smoothed_lag_ms = @smoothedLagMs, accepted = @accepted, duplicates = @duplicates, refused = @refused,
        waiting = @waiting, waiting_bytes = @waitingBytes, held = @held, held_bytes = @heldBytes, overflowed = @overflowed WHERE source_id = @sourceId`),
    };
  }

  /** A source by its CloudEvents URI; undefined when it was never heard of. */
  get(uri: string): Source | undefined {
    const known = this.#known.get(uri);
    if (known) return known;
    const row = this.#statements.get.get(uri);
    const source = row && sourceOf(row);
    if (source) this.#known.set(uri, source);
    return source;
  }

  /** The source of a message; made at first contact. Undefined when too many unknown ones have been heard already. */
  heardOf(uri: string, live: boolean): Source | undefined {
    const source = this.get(uri);
    if (source) {
      // A file told of it before; now it speaks itself.
      if (live && source.registeredBy === 'file') this.#registeredNow(source, 'contact');
      return source;
    }
    if (!live) return this.#add(uri, 'registered', 'file');
    this.#byContact ??= this.#statements.byContact.get()!.n;
    if (this.#byContact >= MAX_BY_CONTACT) return undefined;
    this.#byContact++;
    return this.#add(uri, this.unknown === 'quarantine' ? 'quarantined' : 'registered', 'contact');
  }

  /** Registers a source by the site document or a person: it may speak from now on. */
  register(uri: string, { title, intervalSeconds, silenceLimitSeconds, expectedPerHour }: SourceChange, by: 'site' | 'person'): void {
    const source = this.get(uri) ?? this.#add(uri, 'registered', by);
    // The site document is read at every start: what a person refused stays refused.
    const state = by === 'site' && source.state === 'refused' ? 'refused' : 'registered';
    Object.assign(source, { state, ...defined({ title, intervalSeconds, silenceLimitSeconds, expectedPerHour }) });
    this.#registeredNow(source, by);
  }

  /** Accepts or refuses a source; false when it was never heard of. */
  decide(uri: string, state: SourceRegistration): boolean {
    const source = this.get(uri);
    if (!source) return false;
    source.state = state;
    this.#registeredNow(source, 'person');
    return true;
  }

  /**
   * Takes over what a source says of itself by `source.registered`, by event time. One that is unknown cannot accept
   * itself this way, as its events wait. What it calls itself is its own affair: its CloudEvents source names it.
   */
  said({ source: uri, time, data }: DomainEvent): void {
    const { title = null, intervalSeconds = null, silenceLimitSeconds = null, expectedPerHour = null } = data as Partial<Source>;
    const source = this.get(uri)!;
    if (source.saidAt !== null && source.saidAt > time) return;
    Object.assign(source, { saidAt: time, title, intervalSeconds, silenceLimitSeconds, expectedPerHour });
    this.#registeredNow(source, source.registeredBy === 'contact' ? 'event' : source.registeredBy);
  }

  /** A source was heard at a time of the site's clock; `live`: by itself, else a file tells so. */
  contact(source: Source, at: number, live: boolean): void {
    source.firstContact ??= at;
    // Live, the newest word counts also when the clock went back meanwhile.
    source.lastContact = live ? at : Math.max(source.lastContact ?? at, at);
    this.#dirty.add(source);
  }

  /** The clock was given back by `ms`: contacts move along, so that ages stay what they are. */
  shift(ms: number): void {
    for (const uri of this.#statements.heard.all()) {
      const source = this.get(uri)!;
      source.lastContact! -= ms;
      source.firstContact = Math.min(source.firstContact ?? source.lastContact!, source.lastContact!);
      this.#dirty.add(source);
    }
  }

  /** Notes type, time and lag of an accepted event; lag only where it came live (`received` given, epoch ms). */
  event(source: Source, { type, time }: Pick<DomainEvent, 'type' | 'time'>, received: number | undefined): void {
    source.types[type] = Math.max(source.types[type] ?? time, time);
    const newest = source.lastEventTime === null || time >= source.lastEventTime;
    if (received !== undefined) {
      const lag = received - time;
      if (newest) source.lagMs = lag;
      source.smoothedLagMs = source.smoothedLagMs === null ? lag : source.smoothedLagMs + SMOOTHING * (lag - source.smoothedLagMs);
    }
    if (newest) source.lastEventTime = time;
    this.#dirty.add(source);
  }

  /** Adds to one of a source's counts. */
  count(source: Source, what: 'accepted' | 'duplicates' | 'refused' | 'overflowed'): void {
    source[what]++;
    this.#dirty.add(source);
  }

  /** An event came into a waiting queue of a source (`n` = 1) or left it (-1). */
  queue(source: Source, what: 'waiting' | 'held', n: 1 | -1, bytes: number): void {
    const size = what === 'waiting' ? 'waitingBytes' : 'heldBytes';
    const all = this.#all();
    const before = { ...source };
    source[what] = Math.max(0, source[what] + n);
    source[size] = source[what] === 0 ? 0 : Math.max(0, source[size] + n * bytes);
    if (what === 'waiting') all.waiting += source.waiting - before.waiting;
    all[size] += source[size] - before[size];
    this.#dirty.add(source);
  }

  /** What waits of all sources together. */
  get queues(): Readonly<Queues> {
    return this.#all();
  }

  /** Read once, before anything of it changes in memory, and kept in step from then on. */
  #all(): Queues {
    return (this.#queues ??= this.#statements.queues.get()!);
  }

  /** A source about which somebody has decided while its events still wait. */
  queued(): Source | undefined {
    const row = this.#statements.queued.get();
    return row && this.get(row.uri);
  }

  /** Writes what changed since the last call, inside the batch's transaction; returns newly registered ones. */
  flush(): SourceRecord[] {
    for (const source of this.#dirty) {
      this.#statements.put.run({ ...source, types: JSON.stringify(source.types) });
      this.#stale.add(source.uri);
    }
    this.#dirty.clear();
    const news = [...this.#news].map(recordOf);
    this.#news.clear();
    return news;
  }

  /** Sources that changed since the last call, for whoever shows them. */
  takeChanged(): SourceRecord[] {
    // A source whose first batch was rolled back is not there.
    const changed = [...this.#stale].flatMap((uri) => this.get(uri) ?? []).map(recordOf);
    this.#stale.clear();
    return changed;
  }

  /** After a rolled-back transaction memory is ahead of the file. */
  forget(): void {
    this.#known.clear();
    this.#dirty.clear();
    this.#news.clear();
    this.#byContact = undefined;
    this.#queues = undefined;
  }

  #registeredNow(source: Source, by: Source['registeredBy']): void {
    source.registeredBy = by;
    this.#dirty.add(source);
    this.#news.add(source);
  }

  #add(uri: string, state: SourceRegistration, by: Source['registeredBy']): Source {
    const { source, instance } = parseSource(uri)!;
    this.#statements.add.run(uri, source, instance, state, by);
    const added = this.get(uri)!;
    this.#dirty.add(added);
    this.#news.add(added);
    return added;
  }
}

const defined = (fields: Record<string, unknown>) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
