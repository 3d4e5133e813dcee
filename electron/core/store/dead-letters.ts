import { KEPT_BODY_BYTES, MAX_PAYLOAD_BYTES, type RawMessage } from '../ingest/message.ts';
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
 * capped, encrypted and expiring in the vault; a station without a vault keeps the reason only.
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
      rest: db.prepare('UPDATE dead_letter SET due = NULL WHERE dead_letter_id = ?'),
      replayed: db.prepare('UPDATE dead_letter SET replayed = ? WHERE dead_letter_id = ?'),
    };
  }

  /** Keeps a refused message and returns its number. The body goes to the vault when the batch is flushed there. */
  keep(message: RawMessage, rejection: Rejection): { deadLetterId: number; body: Buffer } {
    if (this.#waiting !== undefined) this.#waiting++;
    const deadLetterId = Number(
      this.#statements.add.run(message.received, rejection.reason, rejection.detail, message.topic ?? null, rejection.source ?? null, message.size, rejection.due ?? null).lastInsertRowid,
    );
    // What is held is a good event: it must come back whole.
    const limit = rejection.due === undefined ? KEPT_BODY_BYTES : MAX_PAYLOAD_BYTES;
    return { deadLetterId, body: structured(message).subarray(0, limit) };
  }

  keepBody(deadLetterId: number, body: Buffer, now: number, due?: number): void {
    this.#vault?.keepBody(deadLetterId, body, Math.max(now, due ?? 0) + KEEP_BODY_MS);
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
    this.#waiting = undefined;
  }

  /** After a rolled-back transaction the count must be taken again. */
  forgetCount(): void {
    this.#waiting = undefined;
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
