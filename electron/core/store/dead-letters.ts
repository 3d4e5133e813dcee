import type { DomainEvent } from '#shared/events/envelope.ts';
import { KEPT_BODY_BYTES, type RawMessage } from '../ingest/message.ts';
import type { Rejection } from '../ingest/rejection.ts';
import type { Db } from './open.ts';
import { OF_SOURCE } from './sources.ts';
import type { Vault } from './vault.ts';

const KEEP_BODY_MS = 30 * 86_400_000;
const EXPIRED_AT_ONCE = 1_000;
/** A topic of the contract is shorter; what is longer was refused for it and is not asked for again. */
const KEPT_TOPIC_CHARS = 512;

export interface LetterLimit {
  readonly letters: number;
  /** Of all bodies together, as they lie in the vault; and as much again of events that are kept with letters and wait for nothing. */
  readonly bodyBytes: number;
}

/**
 * Kept of refused messages at most, so that a source which sends nothing else cannot fill the disk: beyond it the
 * oldest go, a tenth at a time, and are counted. What waits for its time stays.
 */
export const LETTER_LIMIT: LetterLimit = { letters: 100_000, bodyBytes: 256 * 1024 ** 2 };
const DROPPED_SHARE = 0.1;

export interface DeadLetter {
  readonly dead_letter_id: number;
  readonly received: number;
  readonly reason: string;
  readonly detail: string;
  readonly topic: string | null;
  readonly source: string | null;
  readonly size: number;
  readonly due: number | null;
  readonly replayed: number | null;
}

/** What went before its time because more was refused than is kept. */
export interface DroppedLetters {
  readonly letters: number;
  readonly bodies: number;
}

/** Which letters somebody speaks of; with nothing named, all that nobody has replayed. */
export interface LetterChoice {
  readonly id?: number | undefined;
  readonly reason?: string | undefined;
  /** A CloudEvents source, or the part of one that tells kind, or kind and instance. */
  readonly source?: string | undefined;
}

/**
 * What could not be accepted, with the reason. The index holds no body: bodies may hold personal data, so they lie
 * capped, encrypted and expiring in the vault; a station without a vault keeps the reason only. An event that is held
 * for being ahead of the clock was understood: it lies here without its personal values, on every station.
 */
export class DeadLetters {
  readonly #statements;
  readonly #vault: Vault | undefined;
  /** How long a body is kept from now on; the site's document may say otherwise. */
  keepBodyMs = KEEP_BODY_MS;
  readonly #limit: LetterLimit;
  #waiting: number | undefined;
  /** Letters that do not wait for their time. */
  #letters: number | undefined;
  /** Bytes of events that are kept with letters and wait for nothing. */
  #resting: number | undefined;
  #dropped: DroppedLetters | undefined;
  #expiredTo = 0;

  constructor(db: Db, vault: Vault | undefined, limit = LETTER_LIMIT) {
    this.#vault = vault;
    this.#limit = limit;
    this.#statements = {
      add: db.prepare('INSERT INTO dead_letter (received, reason, detail, topic, source, size, due, identity) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
      known: db.prepare<[Buffer], DeadLetter>('SELECT * FROM dead_letter WHERE identity = ?'),
      chosen: db.prepare<object, DeadLetter>(`SELECT * FROM dead_letter WHERE dead_letter_id > @after AND replayed IS NULL AND (@id IS NULL OR dead_letter_id = @id)
        AND (@reason IS NULL OR reason = @reason) AND (@source IS NULL OR ${OF_SOURCE}) ORDER BY dead_letter_id LIMIT @limit`),
      get: db.prepare<[number], DeadLetter>('SELECT * FROM dead_letter WHERE dead_letter_id = ?'),
      again: db.prepare('UPDATE dead_letter SET reason = ?, detail = ?, due = ? WHERE dead_letter_id = ?'),
      count: db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM dead_letter WHERE replayed IS NULL'),
      due: db.prepare<[number], DeadLetter>('SELECT * FROM dead_letter WHERE due <= ? AND replayed IS NULL ORDER BY due LIMIT 1000'),
      ofReason: db.prepare<[string], DeadLetter>('SELECT * FROM dead_letter WHERE reason = ? AND replayed IS NULL ORDER BY dead_letter_id'),
      hold: db.prepare('INSERT INTO held_event (dead_letter_id, event) VALUES (?, ?)'),
      held: db.prepare<[number], { event: string }>('SELECT event FROM held_event WHERE dead_letter_id = ?'),
      from: db.prepare<[number, number], DeadLetter>('SELECT * FROM dead_letter WHERE dead_letter_id > ? ORDER BY dead_letter_id LIMIT ?'),
      drop: db.prepare('DELETE FROM dead_letter WHERE dead_letter_id = ?'),
      settled: db.prepare<[], { n: number }>('SELECT (SELECT COUNT(*) FROM dead_letter) - (SELECT COUNT(*) FROM dead_letter WHERE due IS NOT NULL AND replayed IS NULL) AS n'),
      oldest: db.prepare<[number], { dead_letter_id: number }>('SELECT dead_letter_id FROM dead_letter WHERE due IS NULL OR replayed IS NOT NULL ORDER BY dead_letter_id LIMIT ?'),
      dropped: db.prepare<[string], { value: string }>('SELECT value FROM site WHERE key = ?'),
      addDropped: db.prepare('INSERT INTO site (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = CAST(value AS INTEGER) + CAST(excluded.value AS INTEGER)'),
      restingBytes: db.prepare<[], { n: number }>(`SELECT IFNULL(SUM(LENGTH(h.event)), 0) AS n FROM dead_letter d JOIN held_event h USING (dead_letter_id)
        WHERE d.reason IN ('source-refused', 'before-baseline', 'fold-failed') AND d.due IS NULL`),
      letGo: db.prepare('DELETE FROM held_event WHERE dead_letter_id = ?'),
      rest: db.prepare('UPDATE dead_letter SET due = NULL WHERE dead_letter_id = ?'),
      replayed: db.prepare('UPDATE dead_letter SET replayed = ? WHERE dead_letter_id = ?'),
    };
  }

  /** Keeps a refused message and returns its number. The body goes to the vault when the batch is flushed there. */
  keep(message: RawMessage, rejection: Rejection, identity?: Buffer): { deadLetterId: number; body: Buffer } {
    return { deadLetterId: this.#add(message, rejection, identity), body: structured(message).subarray(0, KEPT_BODY_BYTES) };
  }

  /**
   * Keeps an event that was understood, without its personal values: ahead of the clock until it falls due, or with why it
   * does not count, of which beyond a limit the reason alone is kept. Returns its bytes.
   */
  hold(message: Pick<RawMessage, 'topic' | 'size' | 'received'>, rejection: Rejection, event: DomainEvent, identity: Buffer): number {
    const text = JSON.stringify(event);
    const id = this.#add(message, rejection, identity);
    if (rejection.due !== undefined || this.#mayRest(text)) this.#statements.hold.run(id, text);
    return text.length;
  }

  /** Whether one more event may be kept that waits for nothing; one that may not is counted. */
  #mayRest({ length }: string): boolean {
    this.#resting ??= this.#statements.restingBytes.get()!.n;
    if (this.#resting + length > this.#limit.bodyBytes) {
      this.#countDropped('bodies', 1);
      return false;
    }
    this.#resting += length;
    return true;
  }

  /** Whether this very event, delivered before, is kept already. */
  has(identity: Buffer): boolean {
    return this.kept(identity) !== undefined;
  }

  /** The letter of this very event; undefined when none is kept. */
  kept(identity: Buffer): DeadLetter | undefined {
    return this.#statements.known.get(identity);
  }

  get(deadLetterId: number): DeadLetter | undefined {
    return this.#statements.get.get(deadLetterId);
  }

  /** A kept event is kept for another reason from now on; it is due only if that one says so. */
  rename(deadLetterId: number, { reason, detail, due }: Rejection): void {
    const text = this.#statements.held.get(deadLetterId)?.event;
    if (due !== undefined) this.#resting = undefined;
    else if (text !== undefined && !this.#mayRest(text)) this.#statements.letGo.run(deadLetterId);
    this.#statements.again.run(reason, detail, due ?? null, deadLetterId);
    this.#letters = undefined;
  }

  /** The event that a letter holds; undefined for refused messages. */
  held({ dead_letter_id: id }: DeadLetter): DomainEvent | undefined {
    const row = this.#statements.held.get(id);
    return row && (JSON.parse(row.event) as DomainEvent);
  }

  /** Call inside transactions of the vault and of the log. */
  keepBody(deadLetterId: number, body: Buffer, now: number): void {
    const vault = this.#vault;
    if (!vault) return;
    vault.keepBody(deadLetterId, body, now + this.keepBodyMs);
    if (vault.bodyBytes > this.#limit.bodyBytes) this.#countDropped('bodies', vault.dropBodies(this.#limit.bodyBytes * (1 - DROPPED_SHARE)));
  }

  /** Letters, and bodies of letters, that went since the store was made. */
  dropped(): DroppedLetters {
    const of = (what: string) => Number(this.#statements.dropped.get(`dropped ${what} of refused messages`)?.value ?? 0);
    return (this.#dropped ??= { letters: of('letters'), bodies: of('bodies') });
  }

  #countDropped(what: 'letters' | 'bodies', n: number): void {
    this.#dropped = undefined;
    this.#statements.addDropped.run(`dropped ${what} of refused messages`, String(n));
  }

  #dropOldest(): void {
    const oldest = this.#statements.oldest.all(Math.ceil(this.#limit.letters * DROPPED_SHARE));
    for (const { dead_letter_id: id } of oldest) this.#drop(id);
    this.#countDropped('letters', oldest.length);
  }

  /** Messages held for being ahead of the clock that it has caught up with. */
  due(now: number): DeadLetter[] {
    return this.#statements.due.all(now);
  }

  /** Letters that nobody has replayed, oldest first, from the one after `after` on. */
  choose({ id, reason, source }: LetterChoice, after: number, limit: number): DeadLetter[] {
    return this.#statements.chosen.all({ id: id ?? null, reason: reason ?? null, source: source ?? null, after, limit });
  }

  waiting(reason: string): DeadLetter[] {
    return this.#statements.ofReason.all(reason);
  }

  /** The message as it came, as far as it was kept; undefined when the body has expired or there is no vault. */
  message(letter: DeadLetter): RawMessage | undefined {
    const body = this.#vault?.body(letter.dead_letter_id);
    return body && { ...(letter.topic === null ? {} : { topic: letter.topic }), payload: body, size: letter.size, received: letter.received };
  }

  /** Nothing will come of it by waiting: it stays a dead letter and is not due any more. */
  rest(deadLetterId: number): void {
    this.#statements.rest.run(deadLetterId);
    this.#letters = undefined;
  }

  /**
   * Forgets the reasons of messages refused before `before` (epoch ms), looking at `limit` at a time, oldest first;
   * what still waits for its time stays. Returns whether there is more to look at.
   */
  expire(before: number, limit: number): boolean {
    const seen = this.#statements.from.all(this.#expiredTo, limit);
    const old = seen.filter(({ received }) => received < before);
    for (const { dead_letter_id: id, due, replayed } of old) if (due === null || replayed !== null) this.#drop(id);
    const more = old.length === limit;
    this.#expiredTo = more ? seen.at(-1)!.dead_letter_id : 0;
    return more;
  }

  #drop(id: number): void {
    this.#statements.letGo.run(id);
    this.#statements.drop.run(id);
    this.#waiting = undefined;
    this.#resting = undefined;
    if (this.#letters !== undefined) this.#letters--;
  }

  /** Bodies that have been kept long enough go, some at a time; reasons stay. Returns how many went. */
  expireBodies(now: number, limit = EXPIRED_AT_ONCE): number {
    return this.#vault?.expireBodies(now, limit) ?? 0;
  }

  /** Counted along, not anew: what is held may be many, and falls due a few each second. */
  markReplayed({ dead_letter_id: id, due }: DeadLetter, now: number): void {
    this.#statements.replayed.run(now, id);
    this.#statements.letGo.run(id);
    if (this.#waiting !== undefined) this.#waiting--;
    if (due === null) this.#resting = undefined;
    else if (this.#letters !== undefined) this.#letters++;
  }

  /** After a rolled-back transaction the count must be taken again. */
  forgetCount(): void {
    this.#waiting = undefined;
    this.#letters = undefined;
    this.#resting = undefined;
    this.#dropped = undefined;
  }

  #add(message: Pick<RawMessage, 'topic' | 'size' | 'received'>, { reason, detail, source, due }: Rejection, identity: Buffer | undefined): number {
    if (this.#waiting !== undefined) this.#waiting++;
    if (due === undefined) {
      this.#letters = (this.#letters ?? this.#statements.settled.get()!.n) + 1;
      if (this.#letters > this.#limit.letters) this.#dropOldest();
    }
    return Number(this.#statements.add.run(message.received, reason, detail, message.topic?.slice(0, KEPT_TOPIC_CHARS) ?? null, source ?? null, message.size, due ?? null, identity ?? null).lastInsertRowid);
  }

  /** Refused messages that nobody has replayed. */
  count(): number {
    return (this.#waiting ??= this.#statements.count.get()!.n);
  }
}

/** A body that stands for itself: attributes that came beside it (binary mode) are put around it, as structured mode has them. */
function structured({ payload, attributes }: RawMessage): Buffer {
  if (attributes) {
    try {
      return Buffer.from(JSON.stringify({ ...attributes, data: JSON.parse(Buffer.from(payload).toString('utf8')) as unknown }));
    } catch {
      // Not JSON, or nested beyond the stack: kept as it came.
    }
  }
  return Buffer.from(payload);
}
