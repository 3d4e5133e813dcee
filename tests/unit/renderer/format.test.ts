import { expect, test } from 'vitest';
import { changeText, deltaText, limitText, rangeText, valueParts, valueText } from '../../../renderer/format/number.ts';
import { ageText, calendarDay, clockMinute, clockSecond, windowText } from '../../../renderer/format/time.ts';

const share = { unit: '%', kind: 'gauge', scale: [0, 1] } as const;
const rate = { unit: '%', kind: 'rate', scale: [0, 1] } as const;
const minutes = { unit: 'min', kind: 'distribution', scale: [0, 600] } as const;
const score = { unit: '', kind: 'gauge', scale: [0, 200] } as const;
const index = { unit: '', kind: 'gauge', scale: [0, 1] } as const;
const count = { unit: 'pts', kind: 'count', scale: [0, 20] } as const;

test('times are 24 h in the site\'s zone, also over the change to summer time', () => {
  expect(clockMinute(Date.UTC(2025, 2, 30, 0, 59), 'Europe/London')).toBe('00:59');
  expect(clockMinute(Date.UTC(2025, 2, 30, 1, 0), 'Europe/London')).toBe('02:00');
  expect(clockMinute(Date.UTC(2025, 10, 18, 0, 0), 'UTC')).toBe('00:00');
  expect(clockSecond(Date.UTC(2025, 10, 18, 14, 32, 7))).toBe('07');
  expect(calendarDay(Date.UTC(2025, 10, 18, 23, 30), 'Asia/Kolkata')).toBe('Wed 19 Nov');
});

test.each([[999, '0 s'], [4000, '4 s'], [240_000, '4 min'], [33_840_000, '9 h 24'], [3 * 86_400_000, '3 d'], [-1, '0 s']])('an age of %d ms reads %s', (ms, text) => {
  expect(ageText(ms)).toBe(text);
});

test.each([[8 * 3_600_000, '8 h'], [2_700_000, '45 min'], [7 * 86_400_000, '7 d']])('a window of %d ms reads %s', (ms, text) => {
  expect(windowText(ms)).toBe(text);
});

test.each([
  [share, 0.938, '93.8 %'], [rate, 0.77, '77 %'], [rate, 0.064, '6.4 %'], [minutes, 52, '52 min'], [minutes, 264, '4 h 24'], [score, 148.4, '148'],
  [index, 0.742, '0.74'], [count, 14, '14 pts'], [share, -0.01, '−1.0 %'], [{ unit: 'patients', kind: 'count', scale: [0, 20] }, 1, '1 patient'],
] as const)('%o of %d reads %s', (measure, value, text) => {
  expect(valueText(measure, value)).toBe(text);
});

test('an unknown value is a dash, never a nought', () => {
  expect(valueParts(share, null)).toEqual([{ text: '–', unit: '' }]);
});

test.each([
  [[0.8, 0.92], '80–92'], [[null, 0.85], '≤85'], [[0.8, null], '≥80'], [[null, null], null], [[null, 0.875], '≤87.5'],
] as const)('a normal range of %o reads %s', (normal, text) => {
  expect(rangeText({ ...share, normal })).toBe(text);
});

test('limits in minutes read as hours where they are whole', () => {
  expect(limitText(minutes, 240)).toBe('4 h');
  expect(limitText(minutes, 60)).toBe('60');
});

test.each([
  [share, 0.012, '▲1.2 pp'], [rate, -0.2, '▼20 pp'], [count, -6, '▼6 pts'], [count, 0, '±0'], [index, 0.05, '▲0.05'], [share, 0.0001, '±0'], [share, null, ''],
  [minutes, -8.2, '▼8.2 min'], [minutes, 12, '▲12 min'], [minutes, -316, '▼5 h 16'], [{ unit: 'cases', kind: 'count', scale: [0, 20] }, 1, '▲1 case'],
] as const)('%o changed by %s reads %s', (measure, change, text) => {
  expect(changeText(measure, change)).toBe(text);
});

test('movements carry their sign', () => {
  expect([14, -22, 0].map(deltaText)).toEqual(['+14', '−22', '±0']);
});
