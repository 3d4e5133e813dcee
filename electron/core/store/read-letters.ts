import type { DeadLetter } from './dead-letters.ts';
import type { Db } from './open.ts';

export interface LettersAsked {
  readonly reason?: string | undefined;
  /** Refused at or after, epoch ms. */
  readonly from?: number | undefined;
  /** Replayed ones, those that nobody has replayed, or both. */
  readonly replayed?: boolean | undefined;
  /** Go on below this number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface LettersPage {
  readonly letters: DeadLetter[];
  /** Where the list goes on; absent at its end. */
  readonly next?: number;
}

/** Rows that one answer looks at. */
const LOOKED_AT = 20_000;

/** Refused messages, newest first, without their bodies. */
export function readLetters(db: Db, { reason, from, replayed, before = Number.MAX_SAFE_INTEGER, limit }: LettersAsked): LettersPage {
  const rows = db
    .prepare<[number], DeadLetter>(`SELECT dead_letter_id, received, reason, detail, topic, source, size, due, replayed FROM dead_letter WHERE dead_letter_id < ? ORDER BY dead_letter_id DESC LIMIT ${LOOKED_AT}`)
    .iterate(before);
  const letters: DeadLetter[] = [];
  let looked = 0;
  let last = 0;
  for (const letter of rows) {
    looked++;
    last = letter.dead_letter_id;
    if ((reason === undefined || letter.reason === reason) && (from === undefined || letter.received >= from) && (replayed === undefined || replayed === (letter.replayed !== null))) letters.push(letter);
    if (letters.length === limit) break;
  }
  return { letters, ...(letters.length === limit || looked === LOOKED_AT ? { next: last } : {}) };
}
