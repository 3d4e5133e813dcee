import { randomInt, timingSafeEqual } from 'node:crypto';
import { digest } from './secrets.ts';

/** Letters and digits that nobody takes for one another when reading them off a screen (Crockford's base 32). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;
const GROUP = 4;
const MOST_WRONG = 10;

/**
 * Code by which whoever can read the core's log makes the first account: 60 random bits, for this start of the core and
 * for one use.
 */
export class SetUpCode {
  /** As people read it: `K7QM-4RXT-9PVA`. */
  readonly text: string;
  readonly #digest: Buffer;
  #wrong = 0;
  #used = false;

  constructor() {
    const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]!).join('');
    this.text = letters.match(new RegExp(`.{${GROUP}}`, 'g'))!.join('-');
    this.#digest = digest(letters);
  }

  /** False once it was used, or guessed at too often. */
  get open(): boolean {
    return !this.#used && this.#wrong < MOST_WRONG;
  }

  /** Whether this is the code; then it is used up. Case, blanks and dashes do not matter. */
  take(given: string): boolean {
    if (!this.open) return false;
    const letters = given.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
    this.#used = timingSafeEqual(digest(letters), this.#digest);
    if (!this.#used) this.#wrong++;
    return this.#used;
  }

  /** The account could not be made: the code may be used again. */
  giveBack(): void {
    this.#used = false;
  }
}
