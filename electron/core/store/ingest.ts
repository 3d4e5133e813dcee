import { createHash } from 'node:crypto';
import type { DomainEvent } from '#shared/events/envelope.ts';
import type { SourceConfig, SourceRecord, SourceRegistration } from '#shared/sources.ts';
import type { Decoded, Accepted, Decoder } from '../ingest/decode.ts';
import { rawMessage, type RawMessage } from '../ingest/message.ts';
import type { Rejection } from '../ingest/rejection.ts';
import { newestBaseline } from './baselines.ts';
import { DeadLetters, type DeadLetter } from './dead-letters.ts';
import { isDiskTrouble } from './disk-trouble.ts';
import { Entities, type Change } from './entities.ts';
import { EventLog, type Known } from './event-log.ts';
import type { Db } from './open.ts';
import { Quarantine, type Waiting } from './quarantine.ts';
import { Sources, type Source, type UnknownSources } from './sources.ts';
import type { Personal, Vault } from './vault.ts';

/** How far ahead of the clock a live event may be before it is held: clocks of hospital systems differ by minutes. */
export const AHEAD_LIMIT_MS = 10 * 60_000;

/** What waits of one source at most. Quarantine: until somebody has looked. Held: a day of a busy interface. */
export const QUARANTINE_LIMIT = { events: 10_000, bytes: 16 * 1024 ** 2 } as const;
export const HELD_LIMIT = { events: 200_000, bytes: 256 * 1024 ** 2 } as const;
/** Letters kept of a source that may not speak; further ones are counted. */
export const REFUSED_LIMIT = 1_000;
/** Events of a decided source that one step takes out of quarantine: other sources wait this long. */
const DRAIN_STEP = 500;

/** An accepted event as other parts of the core hear of it. */
export interface Ingested {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly position: number;
  /** Epoch ms on the site's clock. */
  readonly received: number;
  readonly entityKind: string;
  readonly changed: boolean;
}

/** What somebody decides about a source: to register it (again), or to accept or refuse what was heard. */
export type Decision = 'accept' | 'refuse' | ({ readonly by: 'site' | 'person' } & Omit<SourceConfig, 'kind' | 'instance' | 'authority'>);

/** What one batch did. Counts are of messages. */
export interface Outcome {
  accepted: number;
  duplicates: number;
  refused: number;
  /** Events that wait in quarantine now. */
  waiting: number;
  /** Newest event time the batch accepted, epoch ms; 0 if none. */
  newest: number;
  /** Oldest event time the batch accepted, epoch ms; Infinity if none: windows of the past count anew from there. */
  oldest: number;
  changes: Change[];
  /** Sources heard from in this batch, by CloudEvents source, with receive time on the site's clock. */
  contacts: Record<string, number>;
  /** Live messages understood, by CloudEvents source, whatever became of them. */
  heard: Record<string, number>;
  /** Sources that became known, or of which something was said or decided. */
  registrations: SourceRecord[];
  /** Accepted events one by one, where somebody listens to them. */
  ingested: Ingested[];
  /** Whether any accepted event carries constructed fields. */
  constructed: boolean;
}

const nothing = (): Outcome => ({ accepted: 0, duplicates: 0, refused: 0, waiting: 0, newest: 0, oldest: Infinity, changes: [], contacts: {}, heard: {}, registrations: [], ingested: [], constructed: false });

/** What two batches did, one after the other. */
function both(a: Outcome, b: Outcome): Outcome {
  return {
    accepted: a.accepted + b.accepted,
    duplicates: a.duplicates + b.duplicates,
    refused: a.refused + b.refused,
    waiting: a.waiting + b.waiting,
    newest: Math.max(a.newest, b.newest),
    oldest: Math.min(a.oldest, b.oldest),
    changes: [...a.changes, ...b.changes],
    contacts: { ...a.contacts, ...b.contacts },
    heard: { ...a.heard, ...b.heard },
    registrations: [...a.registrations, ...b.registrations],
    ingested: [...a.ingested, ...b.ingested],
    constructed: a.constructed || b.constructed,
  };
}

export interface IngestOptions {
  /** What becomes of a source that nobody registered. */
  readonly unknown: UnknownSources;
  /** Tell of every accepted event in {@link Outcome.ingested}. */
  readonly eachEvent: boolean;
}

/**
 * The one way into a store, for live feeds and files alike: one batch, one transaction, everything or nothing.
 * After a throw (disk full, I/O error) nothing of the batch is stored and it may be applied again.
 */
export class Ingest {
  readonly #db: Db;
  readonly #decoder: Decoder;
  readonly #log: EventLog;
  readonly #sources: Sources;
  readonly #entities: Entities;
  readonly #deadLetters: DeadLetters;
  readonly #quarantine: Quarantine;
  readonly #vault: Vault | undefined;
  readonly #eachEvent: boolean;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  #horizon: number;
  #facts: NonNullable<Accepted['person']>[] = [];
  #waitingFacts: { identity: Buffer; facts: Personal }[] = [];
  #settledFacts: Buffer[] = [];
  #bodies: { deadLetterId: number; body: Buffer }[] = [];

  constructor(db: Db, decoder: Decoder, vault: Vault | undefined, { unknown, eachEvent }: IngestOptions = { unknown: 'accept', eachEvent: false }) {
    this.#db = db;
    this.#decoder = decoder;
    this.#vault = vault;
    this.#eachEvent = eachEvent;
    this.#log = new EventLog(db);
    this.#sources = new Sources(db, unknown);
    this.#entities = new Entities(db, this.#log);
    this.#deadLetters = new DeadLetters(db, vault);
    this.#quarantine = new Quarantine(db, vault);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
    this.#horizon = newestBaseline(db)?.horizon ?? -Infinity;
  }

  /** A baseline was begun: what is not after it is refused from now on. */
  readHorizon(): void {
    this.#horizon = newestBaseline(this.#db)?.horizon ?? -Infinity;
  }

  get deadLetters(): DeadLetters {
    return this.#deadLetters;
  }

  /** Sources whose figures changed since the last call. */
  takeChangedSources(): SourceRecord[] {
    return this.#sources.takeChanged();
  }

  /**
   * Applies messages in order and commits. `now` is the site's clock; `live` holds events that are ahead of it and
   * lets unknown sources wait (a file or rebuild judges neither again).
   */
  apply(messages: readonly RawMessage[], now: number, live: boolean): Outcome {
    return this.#transaction(now, (outcome) => {
      for (const message of messages) this.#one(message, now, live, outcome);
    });
  }

  /** Keeps a message aside that Vigil itself failed on, so that the rest of its batch can go on. */
  setAside(message: RawMessage, now: number, detail: string): Outcome {
    return this.#transaction(now, (outcome) => this.#refuse(message, { reason: 'fold-failed', detail }, outcome));
  }

  /** Registers a source, or accepts or refuses one; undefined when there is none of this URI to decide about. */
  decide(uri: string, decision: Decision, now = 0): Outcome | undefined {
    let known = true;
    const outcome = this.#transaction(now, () => {
      const state: Record<string, SourceRegistration> = { accept: 'registered', refuse: 'refused' };
      if (typeof decision === 'string') known = this.#sources.decide(uri, state[decision]!);
      else this.#sources.register(uri, decision, decision.by);
    });
    return known ? outcome : undefined;
  }

  /**
   * Takes a step of what waited in quarantine of a source about which somebody has decided: folds it in order of
   * arrival, or sets it aside. Undefined when nothing is left to do.
   */
  drain(now: number): Outcome | undefined {
    const source = this.#sources.queued();
    if (!source) return undefined;
    const { uri, sourceId } = source;
    const refused = source.state === 'refused';
    return this.#each(
      this.#quarantine.next(sourceId, DRAIN_STEP),
      now,
      (waiting, outcome) => {
        const event = JSON.parse(waiting.event) as DomainEvent;
        const message = this.#leaveQuarantine(uri, waiting);
        const accepted = this.#decoder.again(event, this.#quarantine.facts(waiting));
        if (refused || !accepted) return this.#keepEvent(message, { reason: 'source-refused', detail: 'its source was refused while it waited', source: event.source }, event, waiting.identity, outcome);
        if (event.time <= this.#horizon) return this.#keepEvent(message, beforeBaseline(event, this.#horizon), event, waiting.identity, outcome);
        if (event.time > now + AHEAD_LIMIT_MS) return this.#hold(this.#sources.get(uri)!, message, accepted, outcome);
        this.#accept(accepted, message, outcome);
      },
      (waiting, detail, outcome) => {
        const event = JSON.parse(waiting.event) as DomainEvent;
        this.#keepEvent(this.#leaveQuarantine(uri, waiting), { reason: 'fold-failed', detail, source: event.source }, event, waiting.identity, outcome);
      },
    );
  }

  /**
   * Applies messages that were kept aside again; those that pass are marked as replayed. What is refused again, or
   * whose body has expired, stays as it is.
   */
  replay(letters: readonly DeadLetter[], now: number): Outcome {
    return this.#each(
      letters,
      now,
      (letter, outcome) => {
        const event = this.#deadLetters.held(letter);
        const body = event ? undefined : this.#deadLetters.message(letter);
        const decoded = body && this.#decoder.decode(body);
        const accepted = event ? this.#decoder.again(event) : decoded?.ok ? decoded.accepted : undefined;
        if (!accepted || accepted.event.time <= this.#horizon || accepted.event.time > now + AHEAD_LIMIT_MS) return;
        if (this.#sources.get(accepted.event.source)?.state === 'refused') return;
        const again = body ?? rawMessage({ payload: Buffer.from(JSON.stringify(event)), received: letter.received });
        if (!this.#accept(accepted, again, outcome)) return;
        this.#settle(letter, now);
      },
      () => {},
    );
  }

  /**
   * Takes events that were read out of a damaged log: what does not have the hash that stood beside it is left, what is
   * there already is a duplicate.
   */
  adopt(found: readonly { event: DomainEvent; hash: Buffer; received: number }[]): Outcome {
    return this.#transaction(0, (outcome) => {
      for (const { event, hash, received } of found) {
        const accepted = this.#decoder.again(event);
        if (!accepted?.hash.equals(hash) || event.time <= this.#horizon) continue;
        this.#accept(accepted, rawMessage({ payload: Buffer.from(JSON.stringify(event)), received }), outcome);
      }
    });
  }

  /** Folds what was held until the clock caught up with it; undefined when nothing is due. */
  release(now: number): Outcome | undefined {
    const due = this.#deadLetters.due(now);
    if (due.length === 0) return undefined;
    return this.#each(
      due,
      now,
      (letter, outcome) => {
        const event = this.#deadLetters.held(letter);
        const accepted = event && this.#decoder.again(event);
        if (!accepted || event.time <= this.#horizon) {
          this.#unhold(letter);
          return this.#deadLetters.rest(letter.dead_letter_id);
        }
        if (this.#sources.get(event.source)?.state === 'refused') {
          this.#unhold(letter);
          return this.#deadLetters.rename(letter.dead_letter_id, { reason: 'source-refused', detail: 'its source was refused while it was held' });
        }
        this.#accept(accepted, rawMessage({ payload: Buffer.from(JSON.stringify(event)), received: letter.received }), outcome);
        this.#settle(letter, now);
      },
      (letter, detail) => {
        this.#unhold(letter);
        this.#deadLetters.rename(letter.dead_letter_id, { reason: 'fold-failed', detail });
      },
    );
  }

  /** One transaction for all items; where a defect of ours breaks it, one for each, so that only the culprit is set aside. */
  #each<T>(items: readonly T[], now: number, work: (item: T, outcome: Outcome) => void, failed: (item: T, detail: string, outcome: Outcome) => void): Outcome {
    const attempt = (some: readonly T[], each: (item: T, outcome: Outcome) => void) => this.#transaction(now, (outcome) => some.forEach((item) => each(item, outcome)));
    try {
      return attempt(items, work);
    } catch (error) {
      if (isDiskTrouble(error)) throw error;
      return items.reduce((sum, item) => {
        try {
          return both(sum, attempt([item], work));
        } catch (cause) {
          if (isDiskTrouble(cause)) throw cause;
          return both(sum, attempt([item], (one, outcome) => failed(one, (cause as Error).message, outcome)));
        }
      }, nothing());
    }
  }

  #transaction(now: number, work: (outcome: Outcome) => void): Outcome {
    const outcome = nothing();
    this.#begin.run();
    try {
      work(outcome);
      outcome.registrations = this.#sources.flush();
      outcome.changes = this.#entities.flush();
      this.#flushVault(now);
      this.#commit.run();
    } catch (error) {
      if (this.#db.inTransaction) this.#rollback.run();
      this.#entities.forget();
      this.#sources.forget();
      this.#deadLetters.forgetCount();
      throw error;
    } finally {
      this.#facts = [];
      this.#waitingFacts = [];
      this.#settledFacts = [];
      this.#bodies = [];
    }
    return outcome;
  }

  #one(message: RawMessage, now: number, live: boolean, outcome: Outcome): void {
    const decoded: Decoded = this.#decoder.decode(message);
    if (!decoded.ok) return this.#refuse(message, decoded.rejection, outcome);
    const { accepted } = decoded;
    const { event } = accepted;
    const source = this.#sources.heardOf(event.source, live);
    if (!source) return this.#refuse(message, { reason: 'too-many-sources', detail: `"${event.source}" is one unknown source too many; register it`, source: event.source }, outcome);
    if (live) {
      outcome.heard[event.source] = (outcome.heard[event.source] ?? 0) + 1;
      if (source.state === 'refused') return this.#ofRefused(source, message, accepted, outcome);
      if (source.state === 'quarantined') return this.#wait(source, message, accepted, outcome);
      if (event.time > now + AHEAD_LIMIT_MS) return this.#hold(source, message, accepted, outcome);
    }
    if (event.time <= this.#horizon) return this.#refuse(message, beforeBaseline(event, this.#horizon), outcome);
    // A file tells that its source could be heard then, not that it can be heard now.
    const contact = live ? message.received : Math.min(message.received, event.time);
    this.#sources.contact(source, contact, live);
    outcome.contacts[event.source] = Math.max(outcome.contacts[event.source] ?? -Infinity, contact);
    this.#accept(accepted, message, outcome, live ? message.received : undefined);
  }

  /** Keeps an event of a source that nobody has accepted yet; it is on disk before it is acknowledged, as any other. */
  #wait(source: Source, message: RawMessage, { event, hash, person }: Accepted, outcome: Outcome): void {
    const identity = identityOf(event, hash);
    this.#sources.contact(source, message.received, true);
    if (this.#quarantine.has(identity)) return this.#again(source, outcome);
    if (source.waiting >= QUARANTINE_LIMIT.events || source.waitingBytes >= QUARANTINE_LIMIT.bytes) return this.#overflow(source, message, outcome);
    this.#sources.queue(source, 'waiting', 1, this.#quarantine.keep(source.sourceId, identity, message.topic, event, message.received));
    if (person) this.#waitingFacts.push({ identity, facts: person.facts });
    outcome.waiting++;
  }

  /** The source by its name: what a rollback forgot must not be counted on. */
  #leaveQuarantine(uri: string, { quarantined_id: id, identity, event, topic, received }: Waiting): RawMessage {
    this.#quarantine.remove(id);
    this.#settledFacts.push(identity);
    this.#sources.queue(this.#sources.get(uri)!, 'waiting', -1, event.length);
    return rawMessage({ ...(topic === null ? {} : { topic }), payload: Buffer.from(event), received });
  }

  #hold(source: Source, message: RawMessage, { event, hash, person }: Accepted, outcome: Outcome): void {
    const identity = identityOf(event, hash);
    if (this.#deadLetters.has(identity)) return this.#again(source, outcome);
    if (source.held >= HELD_LIMIT.events || source.heldBytes >= HELD_LIMIT.bytes) return this.#overflow(source, message, outcome);
    const detail = `event time ${new Date(event.time).toISOString()} is ahead of the site's clock; held until the clock has caught up`;
    outcome.refused++;
    const bytes = this.#deadLetters.hold(message, { reason: 'ahead-of-clock', detail, source: event.source, due: event.time - AHEAD_LIMIT_MS }, event, identity);
    this.#sources.queue(source, 'held', 1, bytes);
    if (person) this.#learn(person);
  }

  /** A held event is held no longer. */
  #unhold(letter: DeadLetter): void {
    const source = letter.due !== null && letter.source !== null ? this.#sources.get(letter.source) : undefined;
    if (source) this.#sources.queue(source, 'held', -1, JSON.stringify(this.#deadLetters.held(letter) ?? '').length);
  }

  #settle(letter: DeadLetter, now: number): void {
    this.#unhold(letter);
    this.#deadLetters.markReplayed(letter.dead_letter_id, now);
  }

  #ofRefused(source: Source, message: RawMessage, { event, hash }: Accepted, outcome: Outcome): void {
    const identity = identityOf(event, hash);
    if (this.#deadLetters.has(identity)) return this.#again(source, outcome);
    if (source.refused >= REFUSED_LIMIT) return this.#overflow(source, message, outcome);
    this.#keepEvent(message, { reason: 'source-refused', detail: 'its source was refused', source: event.source }, event, identity, outcome);
  }

  /** Keeps an event aside that was understood. */
  #keepEvent(message: RawMessage, rejection: Rejection, event: DomainEvent, identity: Buffer, outcome: Outcome): void {
    outcome.refused++;
    const source = this.#sources.get(event.source);
    if (source) this.#sources.count(source, 'refused');
    if (!this.#deadLetters.has(identity)) this.#deadLetters.hold(message, rejection, event, identity);
  }

  /** A queue is full: the event is counted and not kept; one letter tells so. */
  #overflow(source: Source, message: RawMessage, outcome: Outcome): void {
    outcome.refused++;
    this.#sources.count(source, 'overflowed');
    const told = createHash('sha256').update(`queue-full\0${source.uri}`).digest();
    if (this.#deadLetters.has(told)) return;
    const detail = `${source.waiting} events in quarantine, ${source.held} ahead of the clock and ${source.refused} refused are kept of this source; further ones are counted, not kept`;
    this.#deadLetters.keep({ ...message, payload: Buffer.alloc(0) }, { reason: 'queue-full', detail, source: source.uri }, told);
  }

  #again(source: Source, outcome: Outcome): void {
    outcome.duplicates++;
    this.#sources.count(source, 'duplicates');
  }

  /** Appends and folds; `heard`: receive time of an event that comes live. False when another body under its identity stands. */
  #accept(accepted: Accepted, message: RawMessage, outcome: Outcome, heard?: number): boolean {
    const { event, kind, entity, hash, person } = accepted;
    const source = this.#sources.heardOf(event.source, false)!;
    const entityId = this.#entities.entityId(kind, entity, event.time);
    const position = this.#log.append(source.sourceId, event, entityId, hash, message.received);
    if (position !== undefined) {
      const changed = this.#entities.apply(kind, entity, event, this.#eachEvent);
      outcome.accepted++;
      outcome.newest = Math.max(outcome.newest, event.time);
      outcome.oldest = Math.min(outcome.oldest, event.time);
      if (event.constructed) outcome.constructed = true;
      this.#sources.count(source, 'accepted');
      this.#sources.event(source, event.time, heard);
      if (this.#eachEvent) outcome.ingested.push({ source: event.source, id: event.id, type: event.type, position, received: message.received, entityKind: kind, changed });
    } else {
      const known = this.#log.known(source.sourceId, event.id)!;
      if (known.hash.equals(hash)) {
        this.#again(source, outcome);
        return true;
      }
      if (!this.#conflict(source, known, accepted, entityId, message, outcome)) return false;
    }
    if (event.type === 'source.registered') this.#sources.said(event);
    if (person) this.#learn(person);
    return true;
  }

  #learn(person: NonNullable<Accepted['person']>): void {
    if (this.#vault?.isNews(person.pseudonym, person.facts)) this.#facts.push(person);
  }

  /** Two bodies under one identity: the lower hash counts, on every station and in every order of arrival. True when the new one does. */
  #conflict(source: Source, known: Known, { event, hash }: Accepted, entityId: number, message: RawMessage, outcome: Outcome): boolean {
    const wins = Buffer.compare(hash, known.hash) < 0;
    const rejection: Rejection = { reason: 'two-bodies', detail: `another body came under id "${event.id}"; the one with the lower SHA-256 counts`, source: event.source };
    if (!wins) {
      const identity = identityOf(event, hash);
      if (this.#deadLetters.has(identity)) this.#again(source, outcome);
      else this.#refuse(message, rejection, outcome, identity);
      return false;
    }
    const before = this.#log.at(known.position);
    const loser = Buffer.from(JSON.stringify(before));
    const identity = identityOf(before, known.hash);
    if (!this.#deadLetters.has(identity)) this.#refuse({ ...message, payload: loser, size: loser.length }, rejection, outcome, identity);
    this.#log.replace(known.position, event, entityId, hash, message.received);
    for (const id of new Set([known.entity, entityId])) this.#entities.refold(id);
    return true;
  }

  #refuse(message: RawMessage, rejection: Rejection, outcome: Outcome, identity?: Buffer): void {
    outcome.refused++;
    const source = rejection.source === undefined ? undefined : this.#sources.get(rejection.source);
    if (source) this.#sources.count(source, 'refused');
    const { deadLetterId, body } = this.#deadLetters.keep(message, rejection, identity);
    this.#bodies.push({ deadLetterId, body });
  }

  /** The vault is durable before the log refers to it: a crash between leaves a record too many, never one too few. */
  #flushVault(now: number): void {
    const vault = this.#vault;
    if (!vault || this.#facts.length + this.#bodies.length + this.#waitingFacts.length + this.#settledFacts.length === 0) return;
    vault.transaction(() => {
      for (const { pseudonym, facts } of this.#facts) if (vault.isNews(pseudonym, facts)) vault.merge(pseudonym, facts, now);
      for (const { deadLetterId, body } of this.#bodies) this.#deadLetters.keepBody(deadLetterId, body, now);
      for (const { identity, facts } of this.#waitingFacts) vault.keepQuarantinedFacts(identity, facts);
      for (const identity of this.#settledFacts) vault.dropQuarantinedFacts(identity);
    });
  }
}

/** Names one body of one event, for telling a second delivery of what is kept aside. */
const identityOf = ({ source, id }: DomainEvent, hash: Buffer): Buffer => createHash('sha256').update(`${source}\0${id}\0`).update(hash).digest();

const beforeBaseline = ({ source, time }: DomainEvent, horizon: number): Rejection => ({
  reason: 'before-baseline',
  detail: `event time ${new Date(time).toISOString()} is not after the baseline of ${new Date(horizon).toISOString()}`,
  source,
});
