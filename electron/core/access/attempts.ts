import type { Db } from '../store/open.ts';
import { Refusal } from './refusal.ts';

/** Wrong attempts that cost nothing: a typing error or two. */
const FREE = 3;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 15 * 60_000;
/** After this without a wrong attempt all is forgotten. */
const FORGET_MS = 24 * 60 * 60_000;
/** Names that are remembered; a flood of made-up ones pushes out the oldest. */
const REMEMBERED = 10_000;
/** A kiosk misreads a badge now and then: of its wrong attempts one fades in this time. */
const FADE_MS = 5 * 60_000;

/** Wrong attempts by who they were for or where they came from: after a few, the next must wait, twice as long each time. */
export class Attempts {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * Begins an attempt: it counts as wrong until {@link right}, so that many at once are as slow as one after the other.
   * Throws a {@link Refusal} (429) while `who` must wait; what comes too early counts for nothing.
   * @param fade whether wrong attempts fade one by one, where a right one does not make the others forgotten
   */
  begin(who: string, now: number, fade = false): void {
    this.#db.transaction(() => {
      const known = this.#db.prepare<[string], { failures: number; until: number; last: number }>('SELECT failures, until, last FROM attempt WHERE who = ?').get(who) ?? { failures: 0, until: 0, last: now };
      const { until } = known;
      // What lies further ahead is of a clock that was set back since.
      if (until > now && until <= now + LONGEST_DELAY_MS) {
        const seconds = Math.ceil((until - now) / 1_000);
        throw new Refusal(429, `Too many wrong attempts: try again in ${seconds} s.`, seconds);
      }
      const faded = fade ? Math.min(known.failures, Math.max(0, Math.floor((now - known.last) / FADE_MS))) : 0;
      const failures = known.failures - faded;
      const last = fade && failures > 0 ? Math.min(now, known.last + faded * FADE_MS) : now;
      const over = failures + 1 - FREE;
      const next = over < 0 ? now : now + Math.min(FIRST_DELAY_MS * 2 ** over, LONGEST_DELAY_MS);
      this.#db.prepare('INSERT INTO attempt VALUES (@who, @failures, @next, @last) ON CONFLICT (who) DO UPDATE SET failures = @failures, until = @next, last = @last').run({ who, failures: failures + 1, next, last });
      this.#db.prepare('DELETE FROM attempt WHERE last < ?').run(now - FORGET_MS);
      this.#db.prepare('DELETE FROM attempt WHERE who IN (SELECT who FROM attempt ORDER BY last DESC LIMIT -1 OFFSET ?)').run(REMEMBERED);
    }).immediate();
  }

  /** The attempt was right, and is taken back; what went before stays. */
  takeBack(who: string): void {
    this.#db.prepare('UPDATE attempt SET failures = failures - 1, until = 0 WHERE who = ?').run(who);
  }

  /** The attempt was right: what went before is forgotten. */
  right(who: string): void {
    this.#db.prepare('DELETE FROM attempt WHERE who = ?').run(who);
  }
}
