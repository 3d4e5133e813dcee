import { expect, test } from 'vitest';
import { isWorse, seenText, tileParts, tileTitle } from '../../../renderer/panels/metric-tile.ts';
import { metricItem } from '../../fixtures/board-items.ts';

const item = (part: Partial<Parameters<typeof metricItem>[1]>) => metricItem(0, { metric: 'x', title: 'X', value: 1, ...part });

test.each([
  ['getting higher', { direction: 'high', severity: 'crit', change: 2 }, true],
  ['getting lower', { direction: 'high', severity: 'crit', change: -2 }, false],
  ['standing still', { direction: 'high', severity: 'crit', change: 0 }, false],
  ['not known', { direction: 'high', severity: 'crit', change: null }, false],
  ['higher within its range', { direction: 'high', severity: 'normal', change: 2 }, false],
  ['a low one getting lower', { direction: 'low', severity: 'warn', change: -1 }, true],
  ['above its band and higher', { direction: 'band', severity: 'warn', normal: [0.2, 0.8], change: 1 }, true],
  ['above its band and lower', { direction: 'band', severity: 'warn', normal: [0.2, 0.8], change: -1 }, false],
  ['below its band and lower', { direction: 'band', severity: 'warn', normal: [2, 3], change: -1 }, true],
] as const)('a change takes the severity only when it is for the worse: %s', (_, part, worse) => {
  expect(isWorse(item(part))).toBe(worse);
});

test('where there is no normal range a gauge tells what it was, a count does not', () => {
  const trend = [[0, 6], [1, 8], [2, 7]] as const;
  expect(seenText(item({ trend, unit: 'patients' }))).toBe('was 6–8');
  expect(seenText(item({ trend, unit: 'patients', kind: 'count' }))).toBe('');
  expect(seenText(item({ trend: [[0, 6]], unit: 'patients' }))).toBe('');
});

test('a tile takes the short title, and short units', () => {
  expect(tileTitle(item({ title: 'Lab turnaround (collected to reported)', short: 'Lab' }))).toEqual({ name: 'Lab', detail: '' });
  expect(tileTitle(item({ title: 'Utilisation (in-room)' }))).toEqual({ name: 'Utilisation', detail: 'in-room' });
  expect(tileParts(item({ unit: 'patients', kind: 'gauge' }), 15)).toEqual([{ text: '15', unit: 'pts' }]);
  expect(tileParts(item({ unit: 'cases', kind: 'count' }), 24)).toEqual([{ text: '24', unit: 'cases' }]);
  expect(tileParts(item({ unit: 'cases', kind: 'count' }), 1)).toEqual([{ text: '1', unit: 'case' }]);
});

test('given a score, then its points do not read as patients', () => {
  expect(tileParts(item({ unit: 'pts', scale: [0, 200] }), 30.4)).toEqual([{ text: '30', unit: '' }]);
  expect(tileParts(item({ unit: 'pts', scale: [0, 200] }), 1)).toEqual([{ text: '1', unit: '' }]);
});
