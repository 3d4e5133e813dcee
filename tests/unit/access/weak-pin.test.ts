import fc from 'fast-check';
import { expect, test } from 'vitest';
import { weaknessOf } from '#shared/access/weak-pin.ts';
import { newUserSchema, userChangeSchema } from '#shared/api/access.ts';

const LONGEST = 12;
const digits = (minLength: number, maxLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
const mirrored = (text: string) => [...text].reverse().join('');

/** The ten commonest PINs of six digits by Markert et al. (IEEE S&P 2020), and some of Berry's (DataGenetics 2012). */
const COMMONEST = ['123456', '654321', '111111', '000000', '123123', '666666', '121212', '112233', '789456', '159753', '007007', '696969', '1234567', '789456123', '147258369'];

test.each(COMMONEST)('given %s, which many choose, when it is set, then it is refused with the reason', (pin) => {
  expect(newUserSchema.safeParse({ name: 'mona', roles: [], pin }).error?.issues).toMatchObject([{ path: ['pin'], message: expect.stringMatching(/^too easy to guess, for .+: choose another/) as string }]);
  expect(userChangeSchema.safeParse({ pin }).success).toBe(false);
});

test('given a PIN of too few digits, when it is set, then the answer is about its length alone', () => {
  expect(userChangeSchema.safeParse({ pin: '1234' }).error?.issues.map(({ message }) => message)).toEqual(['6 to 12 digits']);
});

test.each([
  ['digits a step apart', fc.tuple(fc.nat(9), fc.nat(9), fc.integer({ min: 6, max: LONGEST })).map(([first, step, length]) => Array.from({ length }, (_, at) => (first + at * step) % 10).join(''))],
  ['a few digits again and again', fc.tuple(digits(1, 3), fc.integer({ min: 6, max: LONGEST })).map(([group, length]) => group.repeat(length).slice(0, length))],
  ['doubled digits', digits(3, 6).map((text) => [...text].map((digit) => digit.repeat(2)).join(''))],
  ['digits forth and back', digits(3, 6).map((text) => text + mirrored(text))],
])('given %s, then each is weak', (_, pins) => {
  fc.assert(fc.property(pins, (pin) => weaknessOf(pin) !== undefined));
});

test('given any PIN, when all its digits go up by the same, then it is as weak as before: rules look at form alone', () => {
  const shifted = (pin: string, by: number) => [...pin].map((digit) => (Number(digit) + by) % 10).join('');
  const formOf = (pin: string) => weaknessOf(pin)?.replace('it is a common way over a keypad', '') || undefined;
  const pins = fc.oneof(digits(6, LONGEST), digits(3, 6).map((text) => text + text), digits(3, 6).map((text) => text + mirrored(text)));
  fc.assert(fc.property(pins, fc.nat(9), (pin, by) => formOf(shifted(pin, by)) === formOf(pin)));
});

test('given every PIN of six digits, then the rules leave all but a few: whoever takes one by chance is not refused', () => {
  let weak = 0;
  for (let n = 0; n < 1_000_000; n++) if (weaknessOf(String(n).padStart(6, '0')) !== undefined) weak++;
  expect(weak).toBeGreaterThan(1_000);
  expect(weak).toBeLessThan(5_000);
});
