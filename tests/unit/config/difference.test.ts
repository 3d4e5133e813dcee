import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, differences } from '#shared/config/difference.ts';
import { documentOf, keysIn, said, SETTINGS } from '#shared/config/settings.ts';
import type { Json } from '#shared/json.ts';

const json = fc.jsonValue() as fc.Arbitrary<Json>;

describe('the difference of two documents', () => {
  it('names what is added, gone and other by its place, elements of lists by their id', () => {
    const before = { title: 'A', units: [{ id: '4E', beds: ['1'] }, { id: '5/W', beds: [] }], sources: [{ kind: 'ehr', instance: 'x', title: 'E' }] };
    const after = { zone: 'UTC', units: [{ id: '5/W', beds: ['9'] }], sources: [{ kind: 'ehr', instance: 'x', title: 'F' }] };
    expect(differences(before, after)).toEqual([
      { path: '/title', before: 'A' },
      { path: '/units/4E', before: { id: '4E', beds: ['1'] } },
      { path: '/units/5~1W/beds', before: [], after: ['9'] },
      { path: '/sources/ehr:x/title', before: 'E', after: 'F' },
      { path: '/zone', after: 'UTC' },
    ]);
  });

  it('is the list itself where only the order of named elements differs', () => {
    const [a, b] = [{ id: 'a' }, { id: 'b' }];
    expect(differences({ rooms: [a, b] }, { rooms: [b, a] })).toEqual([{ path: '/rooms', before: [a, b], after: [b, a] }]);
  });

  it('is empty exactly where both say the same, whatever the order of keys', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(differences(a, JSON.parse(JSON.stringify(a)) as Json)).toEqual([]);
        expect(differences(a, b).length === 0).toBe(canonical(a) === canonical(b));
      }),
    );
  });
});

describe('settings', () => {
  it('make up a document: it can be taken apart and put together', () => {
    const document = { title: 'A', or: { primeTime: { from: '08:00', to: '16:00' }, rooms: [] }, retention: { events: 3 }, thresholds: { 'or.turnover': { warn: 3 } } };
    expect(keysIn(document)).toEqual(['title', 'or.rooms', 'or.primeTime.from', 'or.primeTime.to', 'thresholds', 'retention.events']);
    expect(documentOf((setting) => said(document, setting))).toEqual(document);
    expect(SETTINGS.filter(({ description, path }) => description === undefined && path.length === 1)).toEqual([]);
  });
});
