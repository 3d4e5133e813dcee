import type { Decoded, Accepted, Decoder } from '../ingest/decode.ts';
import { rawMessage, type RawMessage } from '../ingest/message.ts';
import type { Rejection } from '../ingest/rejection.ts';
import { newestBaseline } from './baselines.ts';
import { DeadLetters } from './dead-letters.ts';
import { Entities, type Change } from './entities.ts';
import { EventLog, type Known } from './event-log.ts';
import type { Db } from './open.ts';
import type { Vault } from './vault.ts';

/** How far ahead of the clock a live event may be before it is held: clocks of hospital systems differ by minutes. */
export const AHEAD_LIMIT_MS = 10 * 60_000;

/** What one batch did. Counts are of messages. */
export interface Outcome {
  accepted: number;
  duplicates: number;
  refused: number;
  /** Newest event time the batch accepted, epoch ms; 0 if none. */
  newest: number;
  changes: Change[];
  /** Sources heard from in this batch, by CloudEvents source, with receive time on the site's clock. */
  contacts: Record<string, number>;
  /** Whether any accepted event carries constructed fields. */
  constructed: boolean;
}

/**
 * The one way into a store, for live feeds and files alike: one batch, one transaction, everything or nothing.
 * After a throw (disk full, I/O error) nothing of the batch is stored and it may be applied again.
 */
export class Ingest {
  readonly #db: Db;
  readonly #decoder: Decoder;
  readonly #log: EventLog;
  readonly #entities: Entities;
  readonly #deadLetters: DeadLetters;
  readonly #vault: Vault | undefined;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  #horizon: number;
  #facts: NonNullable<Accepted['person']>[] = [];
  #bodies: { deadLetterId: number; body: Buffer }[] = [];
  #contacts = new Map<number, { received: number; newest: number }>();

  constructor(db: Db, decoder: Decoder, vault: Vault | undefined) {
    this.#db = db;
    this.#decoder = decoder;
    this.#vault = vault;
    this.#log = new EventLog(db);
    this.#entities = new Entities(db, this.#log);
    this.#deadLetters = new DeadLetters(db, vault);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
    this.#horizon = newestBaseline(db)?.horizon ?? -Infinity;
  }

  get deadLetters(): DeadLetters {
    return this.#deadLetters;
  }

  /**
   * Applies messages in order and commits. `now` is the site's clock; `live` holds events that are ahead of it
   * (a file or rebuild does not judge time again).
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

  /** Applies messages that were kept aside (see {@link DeadLetters}) again; those that pass are marked as replayed. */
  replay(letters: readonly { dead_letter_id: number; message: RawMessage }[], now: number): Outcome {
    return this.#transaction(now, (outcome) => {
      for (const { dead_letter_id: id, message } of letters) {
        const decoded = this.#decoder.decode(message);
        if (!decoded.ok || decoded.accepted.event.time <= this.#horizon) continue;
        this.#accept(decoded.accepted, message, outcome);
        this.#deadLetters.markReplayed(id, now);
      }
    });
  }

  /** Folds what was held until the clock caught up with it; undefined when nothing is due. */
  release(now: number): Outcome | undefined {
    const due = this.#deadLetters.due(now);
    if (due.length === 0) return undefined;
    return this.#transaction(now, (outcome) => {
      for (const letter of due) {
        const event = this.#deadLetters.held(letter);
        const accepted = event && this.#decoder.again(event);
        if (!accepted || event.time <= this.#horizon) {
          this.#deadLetters.rest(letter.dead_letter_id);
          continue;
        }
        this.#accept(accepted, rawMessage({ payload: Buffer.from(JSON.stringify(event)), received: letter.received }), outcome);
        this.#deadLetters.markReplayed(letter.dead_letter_id, now);
      }
    });
  }

  #transaction(now: number, work: (outcome: Outcome) => void): Outcome {
    const outcome: Outcome = { accepted: 0, duplicates: 0, refused: 0, newest: 0, changes: [], contacts: {}, constructed: false };
    this.#begin.run();
    try {
      work(outcome);
      for (const [sourceId, { received, newest }] of this.#contacts) this.#log.contact(sourceId, received, newest);
      outcome.changes = this.#entities.flush();
      this.#flushVault(now);
      this.#commit.run();
    } catch (error) {
      if (this.#db.inTransaction) this.#rollback.run();
      this.#entities.forget();
      this.#log.forgetSources();
      this.#deadLetters.forgetCount();
      throw error;
    } finally {
      this.#facts = [];
      this.#bodies = [];
      this.#contacts.clear();
    }
    return outcome;
  }

  #one(message: RawMessage, now: number, live: boolean, outcome: Outcome): void {
    const decoded: Decoded = this.#decoder.decode(message);
    if (!decoded.ok) return this.#refuse(message, decoded.rejection, outcome);
    const { event, person } = decoded.accepted;
    if (live && event.time > now + AHEAD_LIMIT_MS) {
      const detail = `event time ${new Date(event.time).toISOString()} is ahead of the site's clock; held until the clock has caught up`;
      outcome.refused++;
      this.#deadLetters.hold(message, { reason: 'ahead-of-clock', detail, source: event.source, due: event.time - AHEAD_LIMIT_MS }, event);
      if (person) this.#learn(person);
      return;
    }
    if (event.time <= this.#horizon) {
      const detail = `event time ${new Date(event.time).toISOString()} is not after the baseline of ${new Date(this.#horizon).toISOString()}`;
      return this.#refuse(message, { reason: 'before-baseline', detail, source: event.source }, outcome);
    }
    // A file tells that its source could be heard then, not that it can be heard now.
    this.#accept(decoded.accepted, message, outcome, live ? message.received : Math.min(message.received, event.time));
  }

  /** `contact`: when its source was heard of. */
  #accept(accepted: Accepted, message: RawMessage, outcome: Outcome, contact = message.received): void {
    const { event, kind, entity, hash, person } = accepted;
    const sourceId = this.#log.sourceId(event.source, contact);
    const entityId = this.#entities.entityId(kind, entity, event.time);
    this.#heard(sourceId, event.source, contact, event.time, outcome);
    if (this.#log.append(sourceId, event, entityId, hash, message.received)) {
      this.#entities.apply(kind, entity, event);
      outcome.accepted++;
      outcome.newest = Math.max(outcome.newest, event.time);
      if (event.constructed) outcome.constructed = true;
    } else {
      const known = this.#log.known(sourceId, event.id)!;
      if (known.hash.equals(hash)) {
        outcome.duplicates++;
        return;
      }
      this.#conflict(known, accepted, entityId, message, outcome);
    }
    if (person) this.#learn(person);
  }

  #learn(person: NonNullable<Accepted['person']>): void {
    if (this.#vault?.isNews(person.pseudonym, person.facts)) this.#facts.push(person);
  }

  /** Two bodies under one identity: the lower hash counts, on every station and in every order of arrival. */
  #conflict(known: Known, { event, hash }: Accepted, entityId: number, message: RawMessage, outcome: Outcome): void {
    const wins = Buffer.compare(hash, known.hash) < 0;
    const detail = `another body came under id "${event.id}"; the one with the lower SHA-256 counts`;
    if (!wins) return this.#refuse(message, { reason: 'two-bodies', detail, source: event.source }, outcome);
    const loser = Buffer.from(JSON.stringify(this.#log.at(known.position)));
    this.#refuse({ ...message, payload: loser, size: loser.length }, { reason: 'two-bodies', detail, source: event.source }, outcome);
    this.#log.replace(known.position, event, entityId, hash, message.received);
    for (const id of new Set([known.entity, entityId])) this.#entities.refold(id);
  }

  #refuse(message: RawMessage, rejection: Rejection, outcome: Outcome): void {
    outcome.refused++;
    const { deadLetterId, body } = this.#deadLetters.keep(message, rejection);
    this.#bodies.push({ deadLetterId, body });
  }

  #heard(sourceId: number, uri: string, received: number, time: number, outcome: Outcome): void {
    const before = this.#contacts.get(sourceId);
    this.#contacts.set(sourceId, { received: Math.max(received, before?.received ?? -Infinity), newest: Math.max(time, before?.newest ?? time) });
    outcome.contacts[uri] = Math.max(outcome.contacts[uri] ?? -Infinity, received);
  }

  /** The vault is durable before the log refers to it: a crash between leaves a record too many, never one too few. */
  #flushVault(now: number): void {
    const vault = this.#vault;
    if (!vault || (this.#facts.length === 0 && this.#bodies.length === 0)) return;
    vault.transaction(() => {
      for (const { pseudonym, facts } of this.#facts) if (vault.isNews(pseudonym, facts)) vault.merge(pseudonym, facts, now);
      for (const { deadLetterId, body } of this.#bodies) this.#deadLetters.keepBody(deadLetterId, body, now);
    });
  }
}
