import { expect, test } from 'vitest';
import { edited } from '#shared/config/edit.ts';

const DOCUMENT = { title: 'A', units: [{ id: '4E', name: '4E', beds: ['1', '2'] }], or: { expectedTurnoverMinutes: 30 } };

test.each([
  ['a setting', 'title', 'B', { ...DOCUMENT, title: 'B' }],
  ['a setting within a section', 'or.expectedTurnoverMinutes', 45, { ...DOCUMENT, or: { expectedTurnoverMinutes: 45 } }],
  ['a setting that nobody has said', 'timezone', 'UTC', { ...DOCUMENT, timezone: 'UTC' }],
  ['a field of an element', 'units/4E/name', 'Four', { ...DOCUMENT, units: [{ ...DOCUMENT.units[0]!, name: 'Four' }] }],
  ['an entry of a table that is not there', 'thresholds/ed.census/warn', 40, { ...DOCUMENT, thresholds: { 'ed.census': { warn: 40 } } }],
  ['a label away', 'units/4E/beds/1', undefined, { ...DOCUMENT, units: [{ ...DOCUMENT.units[0]!, beds: ['2'] }] }],
  ['an element away', 'units/4E', undefined, { ...DOCUMENT, units: [] }],
  ['a setting back to its default', 'or.expectedTurnoverMinutes', undefined, { title: 'A', units: DOCUMENT.units }],
])('given a document, when %s is edited, then the rest stays', (_, place, value, expected) => {
  expect(edited(DOCUMENT, place, value)).toEqual(expected);
});

test('given a place that is not there, when it is edited, then the message says what is', () => {
  expect(() => edited(DOCUMENT, 'colour', 1)).toThrow(/no setting colour; there are tenant, site, title/);
  expect(() => edited(DOCUMENT, 'units/5W/name', 1)).toThrow('units has no 5W; it has 4E');
  expect(() => edited(DOCUMENT, 'title/x', 1)).toThrow('title is "A", there is nothing within');
});
