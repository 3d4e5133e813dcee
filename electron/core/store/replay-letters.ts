import type { LetterChoice } from './dead-letters.ts';
import type { Ingest } from './ingest.ts';
import type { Outcome } from './outcome.ts';

const STEP = 500;

/** What a replay has done so far. */
export interface Replayed {
  readonly replayed: number;
  /** Refused again, or no longer there to be read: they stay dead letters. */
  readonly left: number;
  readonly outcome: Outcome;
}

/**
 * Applies chosen dead letters again in steps, oldest first, each step one transaction; between two the caller may do
 * other work, or stop.
 */
export function* replayLetters(ingest: Ingest, choice: LetterChoice, now: number): Generator<Replayed, void> {
  const { deadLetters } = ingest;
  let replayed = 0;
  let left = 0;
  for (let after = 0; ; ) {
    const letters = deadLetters.choose(choice, after, STEP);
    const last = letters.at(-1);
    if (!last) return;
    const before = deadLetters.count();
    const outcome = ingest.replay(letters, now);
    const passed = before + outcome.refused - deadLetters.count();
    replayed += passed;
    left += letters.length - passed;
    after = last.dead_letter_id;
    yield { replayed, left, outcome };
  }
}
