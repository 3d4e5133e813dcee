import type { Db } from '../store/open.ts';
import { Refusal } from './refusal.ts';

/** Wrong attempts that cost nothing, and in how long one of the others fades where a right one makes none of them forgotten. */
export interface Allowance {
  readonly free: number;
  readonly fadeMs?: number;
}

/** Of a name at an address: a typing error or two. */
export const OF_ONE: Allowance = { free: 3 };
/** Of an address that shows badges: a kiosk misreads one now and then, and a badge of one's own must not buy tries at others. */
export const OF_BADGES: Allowance = { free: 3, fadeMs: 5 * 60_000 };
/**
 * Of a name wherever it is tried: against guesses from many addresses. One address alone cannot keep its owner out by it: that
 * must wait for as long as a wrong attempt takes to fade.
 */
export const OF_A_NAME: Allowance = { free: 20, fadeMs: 15 * 60_000 };

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 15 * 60_000;
/** After this without a wrong attempt all is forgotten. */
const FORGET_MS = 24 * 60 * 60_000;
/** Names and addresses that are remembered; a flood of made-up ones pushes out the oldest. */
const REMEMBERED = 20_000;

/** Who an attempt is for or where it comes from, each with its allowance. */
export type Tried = readonly (readonly [who: string, allowance: Allowance])[];

/** Wrong attempts by who they were for or where they came from: after a few, the next must wait, twice as long each time. */
export class Attempts {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * Begins an attempt: it counts as wrong until {@link right}, so that many at once are as slow as one after the other.
   * Throws a {@link Refusal} (429) while one of `tried` must wait; what comes too early counts for nothing.
   */
  begin(tried: Tried, now: number): void {
    this.#db.transaction(() => {
      for (const [who, allowance] of tried) this.#count(who, allowance, now);
      this.#db.prepare('DELETE FROM attempt WHERE last < ?').run(now - FORGET_MS);
      this.#db.prepare('DELETE FROM attempt WHERE who IN (SELECT who FROM attempt ORDER BY last DESC LIMIT -1 OFFSET ?)').run(REMEMBERED);
    }).immediate();
  }

  #count(who: string, { free, fadeMs = Infinity }: Allowance, now: number): void {
    const known = this.#db.prepare<[string], { failures: number; until: number; last: number }>('SELECT failures, until, last FROM attempt WHERE who = ?').get(who) ?? { failures: 0, until: 0, last: now };
    const { until } = known;
    // What lies further ahead is of a clock that was set back since.
    if (until > now && until <= now + LONGEST_DELAY_MS) {
      const seconds = Math.ceil((until - now) / 1_000);
      throw new Refusal(429, `Too many wrong attempts: try again in ${seconds} s.`, seconds);
    }
    const faded = Math.min(known.failures, Math.max(0, Math.floor((now - known.last) / fadeMs)));
    const failures = known.failures - faded;
    const last = fadeMs < Infinity && failures > 0 ? Math.min(now, known.last + faded * fadeMs) : now;
    const over = failures + 1 - free;
    const next = over < 0 ? now : now + Math.min(FIRST_DELAY_MS * 2 ** over, LONGEST_DELAY_MS);
    this.#db.prepare('INSERT INTO attempt VALUES (@who, @failures, @next, @last) ON CONFLICT (who) DO UPDATE SET failures = @failures, until = @next, last = @last').run({ who, failures: failures + 1, next, last });
  }

  /** The attempt was right: what went before is forgotten, and what fades by itself stays but for this one. */
  right(tried: Tried): void {
    for (const [who, { fadeMs }] of tried) this.#db.prepare(fadeMs === undefined ? 'DELETE FROM attempt WHERE who = ?' : 'UPDATE attempt SET failures = failures - 1, until = 0 WHERE who = ?').run(who);
  }
}
