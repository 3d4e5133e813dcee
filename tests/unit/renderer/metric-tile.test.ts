import { expect, test } from 'vitest';
import { changeNote, isWorse, seenText, spanText, spokenText, tileParts, tileTitle } from '../../../renderer/panels/metric-tile.ts';
import { metricItem } from '../../fixtures/board-items.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MIDNIGHT = Date.UTC(2025, 10, 18);

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
  const at = 45 * MINUTE;
  const trend = [[0, 6], [10 * MINUTE, 8], [20 * MINUTE, 7]] as const;
  expect(seenText(item({ at, trend, unit: 'patients' }))).toBe('6–8 in 45 min');
  expect(seenText(item({ at, trend, unit: 'patients', kind: 'count' }))).toBe('');
  expect(seenText(item({ at, trend: [[0, 6]], unit: 'patients' }))).toBe('');
  expect(seenText(item({ at, trend: [[0, 6], [MINUTE, 6]], unit: 'patients' }))).toBe('6 for 45 min');
});

test('given a definition and a scope, then the tile names both below its short title', () => {
  const lab = { title: 'Lab turnaround (collected to reported)', short: 'Lab', detail: 'collected to reported' };
  expect(tileTitle(item({ ...lab, scope: { priority: 'STAT' } }))).toEqual({ name: 'Lab', detail: 'STAT, collected to reported' });
  expect(tileTitle(item(lab))).toEqual({ name: 'Lab', detail: 'collected to reported' });
  expect(tileTitle(item({ title: 'Discharges', scope: { unit_kind: 'step_down' } }))).toEqual({ name: 'Discharges', detail: 'step-down' });
  expect(tileTitle(item({ title: 'Overlaps' }))).toEqual({ name: 'Overlaps', detail: '' });
});

test('given few samples, then their number stands beside the window and not in its place', () => {
  const today = { from: MIDNIGHT, to: MIDNIGHT + 14 * HOUR, at: MIDNIGHT + 14 * HOUR };
  expect(spanText(item({ ...today, samples: 87 }), 'UTC')).toBe('87 today');
  expect(spanText(item({ ...today, samples: 629 }), 'UTC')).toBe('today');
  expect(spanText(item({ from: today.at - 8 * HOUR, to: today.at, at: today.at, samples: 12 }), 'UTC')).toBe('12 in 8 h');
});

test('a change says its unit and how long it took', () => {
  expect(changeNote(item({ unit: 'min', kind: 'distribution', change: -8.2 }))).toBe('▼8.2 min in 2 h');
  expect(changeNote(item({ change: 0.034 }))).toBe('▲3.4 pp in 2 h');
  expect(changeNote(item({ unit: 'patients', kind: 'count', change: 34 }))).toBe('▲34 pts in 2 h');
  expect(changeNote(item({ unit: 'pts', scale: [0, 200], change: 8 }))).toBe('▲8 in 2 h');
  expect(changeNote(item({ change: null }))).toBe('');
});

test('what is read aloud says what the tile says', () => {
  const lab = item({
    title: 'Lab turnaround (collected to reported)', short: 'Lab', detail: 'collected to reported', scope: { priority: 'STAT' }, unit: 'min', kind: 'distribution', figure: 'p90', samples: 87, value: 131, severity: 'crit',
    normal: [null, 60], from: MIDNIGHT, to: MIDNIGHT + 13 * HOUR, at: MIDNIGHT + 13 * HOUR, change: 0.6, definition: 'Specimen collected to result reported.',
  });
  expect(spokenText(lab, 'fresh', 'UTC')).toBe('Lab turnaround, STAT, collected to reported: p90 2 h 11, critical, normal ≤60, 87 today, up 0.6 min in 2 h. Specimen collected to result reported.');
  expect(spokenText(lab, 'stale', 'UTC')).toContain('p90 2 h 11, critical, normal ≤60, 87 today, stale.');
  expect(spokenText(lab, 'lost', 'UTC')).toBe('Lab turnaround, STAT, collected to reported: no data. Specimen collected to result reported.');
  expect(spokenText(item({ title: 'Bed occupancy', detail: 'of staffed beds', value: 0.82, trend: [], change: -0.034, definition: 'Occupied / staffed.' }), 'fresh', 'UTC')).toBe('Bed occupancy, of staffed beds: 82.0 %, normal ≤85, now, down 3.4 percentage points in 2 h. Occupied / staffed.');
  expect(spokenText(item({ title: 'Discharges', value: null, reason: 'no discharge is reported', definition: 'D.' }), 'fresh', 'UTC')).toBe('Discharges: no discharge is reported. D.');
});

test('a tile takes short units', () => {
  expect(tileParts(item({ unit: 'patients', kind: 'gauge' }), 15)).toEqual([{ text: '15', unit: 'pts' }]);
  expect(tileParts(item({ unit: 'cases', kind: 'count' }), 24)).toEqual([{ text: '24', unit: 'cases' }]);
  expect(tileParts(item({ unit: 'cases', kind: 'count' }), 1)).toEqual([{ text: '1', unit: 'case' }]);
});

test('given a score, then its points do not read as patients', () => {
  expect(tileParts(item({ unit: 'pts', scale: [0, 200] }), 30.4)).toEqual([{ text: '30', unit: '' }]);
  expect(tileParts(item({ unit: 'pts', scale: [0, 200] }), 1)).toEqual([{ text: '1', unit: '' }]);
});
