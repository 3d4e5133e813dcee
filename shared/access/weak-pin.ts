/**
 * Ways over a keypad that people choose often and that no rule below finds: of the ten commonest PINs of six digits in
 * Markert et al., "This PIN Can Be Easily Guessed" (IEEE S&P 2020), and of nine in Berry, "PIN analysis" (DataGenetics 2012).
 * The others of those lists fall to the rules.
 */
const WAYS_OVER_A_KEYPAD: ReadonlySet<string> = new Set(['159753', '789456', '147258', '789456123', '147258369']);

const stepsEvenly = (digits: readonly number[]): boolean => {
  const step = (at: number) => (digits[at]! - digits[at - 1]! + 10) % 10;
  return digits.every((_, at) => at < 2 || step(at) === step(1));
};

/** Also with a last round that is not whole. */
const repeats = (pin: string): boolean => {
  for (let length = 1; length <= pin.length / 2; length++) if (pin.startsWith(pin.slice(length))) return true;
  return false;
};

/** Why a PIN is among the first that somebody would try; undefined if nothing is known against it. */
export function weaknessOf(pin: string): string | undefined {
  if (stepsEvenly(Array.from(pin, Number))) return 'its digits are all the same or go up or down evenly';
  if (repeats(pin)) return 'it repeats a few digits';
  if (/^(?:(\d)\1+)+$/.test(pin)) return 'each of its digits is doubled';
  if (pin === [...pin].reverse().join('')) return 'it reads the same from both ends';
  if (WAYS_OVER_A_KEYPAD.has(pin)) return 'it is a common way over a keypad';
  return undefined;
}
