import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkSite } from '#shared/config/check.ts';
import { said, SETTINGS } from '#shared/config/settings.ts';
import type { Json } from '#shared/json.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { sections } from '../../../renderer/settings/sections.ts';
import { shapeOf, type Shape } from '../../../renderer/settings/shapes.ts';
import { fits, meant, ofRows, rowsOf, shown, twice } from '../../../renderer/settings/values.ts';

const setting = (key: string) => SETTINGS.find((one) => one.key === key)!;
const rows = (key: string) => shapeOf(setting(key)) as Extract<Shape, { kind: 'rows' }>;

test('every setting stands in one section and has a way to be edited', () => {
  const placed = sections().flatMap(({ settings }) => settings);
  expect(placed.map(({ key }) => key).sort()).toEqual(SETTINGS.map(({ key }) => key).sort());
  for (const one of SETTINGS) expect(shapeOf(one).kind).toBeTypeOf('string');
  expect(sections().some(({ id }) => id === 'other')).toBe(false);
});

test('a setting of an unknown name stands under Other', () => {
  expect(sections([{ key: 'newest', path: ['newest'], description: undefined }]).find(({ id }) => id === 'other')?.settings).toHaveLength(1);
});

test.each([
  ['title', 'text'], ['retention.events', 'number'], ['dirtyOnVacate', 'flag'], ['crowdingIndex', 'choice'], ['publishOps.types', 'words'], ['units', 'rows'], ['thresholds', 'rows'], ['layouts.screens', 'rows'], ['floorplans', 'json'],
])('%s is edited as %s', (key, kind) => expect(shapeOf(setting(key)).kind).toBe(kind));

test('what is written is meant as the setting takes it, and what is no number stays for the core to refuse', () => {
  expect(meant(' 4,5 ', { kind: 'number', whole: false })).toBe(4.5);
  expect(meant('many', { kind: 'number', whole: true })).toBe('many');
  expect(meant('', { kind: 'number', whole: true })).toBeUndefined();
  expect(meant('4E-01, 4E-02,\n4E-03,', { kind: 'words' })).toEqual(['4E-01', '4E-02', '4E-03']);
  expect(meant('', { kind: 'flag' })).toBe(false);
});

test('two rows of one name are told, not folded in silence', () => {
  expect(twice([{ name: 'a' }, { name: 'b' }, { name: 'a ' }, { name: '' }], rows('thresholds'))).toEqual(['a']);
});

test('a list that rows could not give back as it was is not put into rows', () => {
  expect(fits([{ id: '4E', name: '4E', kind: 'ward', beds: ['1', '2'] }], rows('units'))).toBe(true);
  expect(fits([{ id: '4E', name: '4E', kind: 'ward', beds: ['1, by the window', '2'] }], rows('units'))).toBe(false);
  expect(fits({ ' a': 1 }, rows('sourceIntervalSeconds'))).toBe(false);
});

const word = fc.stringMatching(/^[A-Za-z0-9._@-]{1,12}$/);
const number = fc.double({ min: 0.001, max: 1_000, noNaN: true });
/** Documents of tables as people may have written them; by key of the setting. */
const tables: Record<string, fc.Arbitrary<unknown>> = {
  units: fc.array(fc.record({ id: word, name: word, kind: fc.constantFrom('ward', 'icu'), level: word, beds: fc.array(word) }, { requiredKeys: ['id', 'name', 'kind'] })),
  'or.shortNames': fc.dictionary(word, word),
  thresholds: fc.dictionary(word, fc.record({ warn: number, crit: number }, { requiredKeys: ['warn'] })),
  sourceIntervalSeconds: fc.dictionary(word, number),
  'kpiWindows.metrics': fc.dictionary(word, fc.constantFrom('day', 'shift', '8h')),
  wipLimits: fc.array(fc.record({ stage: fc.constantFrom('boarding', 'beds-to-clean'), unit: word, limit: fc.integer({ min: 1 }) }, { requiredKeys: ['stage', 'limit'] })),
  'statuses.bed': fc.dictionary(word, fc.record({ base: fc.constantFrom('dirty', 'blocked'), label: word, reason: fc.constant('EQ') }, { requiredKeys: ['base', 'label'] })),
  'layouts.screens': fc.array(fc.record({ station: word, boards: fc.subarray(['overview', 'or'], { minLength: 1 }), x: fc.nat(), theme: fc.constant('light') }, { requiredKeys: ['station', 'boards'] })),
  users: fc.array(fc.record({ name: word, roles: fc.subarray(['admin', 'operator']) })),
  sources: fc.array(fc.record({ kind: fc.constantFrom('ehr', 'bed'), instance: word, authority: fc.constant(['bed-status']), intervalSeconds: number }, { requiredKeys: ['kind', 'instance'] })),
};

test.each(Object.keys(tables))('what the table of %s shows is what it gives back', (key) => {
  fc.assert(
    fc.property(tables[key]!, (value) => {
      const shape = rows(key);
      const written = JSON.parse(JSON.stringify(value)) as Json;
      expect(ofRows(rowsOf(written, shape), shape)).toEqual(written);
    }),
  );
});

test('what controls show of a whole document, they give back', () => {
  const document = { title: 'Northgate', timezone: 'Europe/Berlin', units: [{ id: '4E', name: '4E', kind: 'ward', beds: ['1', '2'] }], thresholds: { 'beds.occupancy_rate': { warn: 0.9 } } };
  const { site } = checkSite(document) as { ok: true; site: object };
  expect(site).toEqual(siteConfigSchema.parse(document));
  for (const one of SETTINGS) {
    const [shape, value] = [shapeOf(one), said(document, one)];
    if (value === undefined) continue;
    if (shape.kind !== 'json') expect(shape.kind === 'rows' ? ofRows(rowsOf(value, shape), shape) : meant(shown(value), shape)).toEqual(value);
  }
});

test('given a table of names with a list each, when a name is written and its list is not yet, then it stays a table', () => {
  const shape = rows('oidc.roles');
  const value = ofRows([{ name: 'bed-managers' }], shape);
  expect(value).toEqual({ 'bed-managers': [] });
  expect(fits(value, shape)).toBe(true);
});
