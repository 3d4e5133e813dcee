import type { DomainEvent } from '#shared/events/envelope.ts';
import { KEPT_BODY_BYTES, type RawMessage } from '../ingest/message.ts';
import type { Rejection } from '../ingest/rejection.ts';
import type { Db } from './open.ts';
import type { Vault } from './vault.ts';

const KEEP_BODY_MS = 30 * 86_400_000;

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

/**
 * What could not be accepted, with the reason. The index holds no body: bodies may hold personal data, so they lie
 * capped, encrypted and expiring in the vault; a station without a vault keeps the reason only. An event that is held
 * for being ahead of the clock was understood: it lies here without its personal values, on every station.
 */
export class DeadLetters {
  readonly #statements;
  readonly #vault: Vault | undefined;
  #waiting: number | undefined;

  constructor(db: Db, vault: Vault | undefined) {
    this.#vault = vault;
    this.#statements = {
      add: db.prepare('INSERT INTO dead_letter (received, reason, detail, topic, source, size, due) VALUES (?, ?, ?, ?, ?, ?, ?)'),
      count: db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM dead_letter WHERE replayed IS NULL'),
      due: db.prepare<[number], DeadLetter>('SELECT * FROM dead_letter WHERE due <= ? AND replayed IS NULL ORDER BY dead_letter_id LIMIT 1000'),
      ofReason: db.prepare<[string], DeadLetter>('SELECT * FROM dead_letter WHERE reason = ? AND replayed IS NULL ORDER BY dead_letter_id'),
      hold: db.prepare('INSERT INTO held_event (dead_letter_id, event) VALUES (?, ?)'),
      held: db.prepare<[number], { event: string }>('SELECT event FROM held_event WHERE dead_letter_id = ?'),
      letGo: db.prepare('DELETE FROM held_event WHERE dead_letter_id = ?'),
      rest: db.prepare('UPDATE dead_letter SET due = NULL WHERE dead_letter_id = ?'),
      replayed: db.prepare('UPDATE dead_letter SET replayed = ? WHERE dead_letter_id = ?'),
    };
  }

  /** Keeps a refused message and returns its number. The body goes to the vault when the batch is flushed there. */
  keep(message: RawMessage, rejection: Rejection): { deadLetterId: number; body: Buffer } {
    return { deadLetterId: this.#add(message, rejection), body: structured(message).subarray(0, KEPT_BODY_BYTES) };
  }

  /** Holds an event that is ahead of the clock until it falls due. */
  hold(message: RawMessage, rejection: Rejection, event: DomainEvent): void {
    this.#statements.hold.run(this.#add(message, rejection), JSON.stringify(event));
  }

  /** The event that a letter holds; undefined for refused messages. */
  held({ dead_letter_id: id }: DeadLetter): DomainEvent | undefined {
    const row = this.#statements.held.get(id);
    return row && (JSON.parse(row.event) as DomainEvent);
  }

  keepBody(deadLetterId: number, body: Buffer, now: number): void {
    this.#vault?.keepBody(deadLetterId, body, now + KEEP_BODY_MS);
  }

  /** Messages held for being ahead of the clock that it has caught up with. */
  due(now: number): DeadLetter[] {
    return this.#statements.due.all(now);
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
  }

  /** Bodies that have been kept long enough go; reasons stay. */
  expireBodies(now: number): void {
    this.#vault?.expireBodies(now);
  }

  markReplayed(deadLetterId: number, now: number): void {
    this.#statements.replayed.run(now, deadLetterId);
    this.#statements.letGo.run(deadLetterId);
    this.#waiting = undefined;
  }

  /** After a rolled-back transaction the count must be taken again. */
  forgetCount(): void {
    this.#waiting = undefined;
  }

  #add(message: RawMessage, { reason, detail, source, due }: Rejection): number {
    if (this.#waiting !== undefined) this.#waiting++;
    return Number(this.#statements.add.run(message.received, reason, detail, message.topic ?? null, source ?? null, message.size, due ?? null).lastInsertRowid);
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
