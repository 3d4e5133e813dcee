import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FOLDED_KINDS } from '#core/domain/states.ts';
import { REFRESH_DOMAINS } from '#shared/snapshots/domains.ts';
import { refresh } from '#core/store/refresh.ts';
import { beginTrim, Trimmer } from '#core/store/trim.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { histories } from '../../fixtures/histories.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 14);
const HOUR = 3_600_000;

test('given any history, also one that was trimmed, when a unit or any domain is refreshed, then nothing differs and everything is looked at', () => {
  fc.assert(
    fc.property(histories, fc.boolean(), (events, trimmed) => {
      const store = temporaryStore();
      apply(store, events);
      if (trimmed) {
        beginTrim(store.db, START + HOUR, START + 3 * HOUR);
        const trimmer = new Trimmer(store.db);
        while (!trimmer.step(START + 3 * HOUR, { rows: 1_000, ms: 1_000 }).done);
      }
      const kinds = new Set<string>();
      for (const domain of REFRESH_DOMAINS) {
        const { checked, differences } = refresh(store.db, { domain });
        expect(differences).toEqual([]);
        if (checked > 0) kinds.add(domain);
      }
      for (const unit of ['MICU', '4E']) expect(refresh(store.db, { unit }).differences).toEqual([]);
      const stored = (store.db.prepare('SELECT DISTINCT kind FROM entity').all() as { kind: string }[]).filter(({ kind }) => (FOLDED_KINDS as readonly string[]).includes(kind));
      expect(kinds.size > 0).toBe(stored.length > 0);
    }),
    { numRuns: 12 },
  );
});

const admitted = (encounter: string, unit: string) => envelope('adt.admitted', START, { encounter, patient: { id: `P-${encounter}` }, location: { unit, unitKind: 'ward', bed: '1' } }, { id: encounter });

function twoUnits() {
  const store = temporaryStore();
  apply(store, [admitted('V1', '4E'), admitted('V2', '5W'), envelope('unit.staffing-reported', START, { unit: '4E', staffedBeds: 10 }), envelope('bed.cleaning-requested', START, { unit: '4E', bed: '2' })]);
  return store;
}

test('given a state that is not what the log says, when its unit or domain is refreshed, then it is named with both states, and other units are not touched', () => {
  const { db } = twoUnits();
  db.prepare(`UPDATE entity SET state = json_set(state, '$.staffedBeds', 99) WHERE kind = 'unit'`).run();
  const found = [{ kind: 'unit', id: '4E', current: expect.objectContaining({ staffedBeds: 99 }), recomputed: expect.objectContaining({ staffedBeds: 10 }) }];
  expect(refresh(db, { unit: '4E' })).toEqual({ checked: 3, differences: found });
  expect(refresh(db, { domain: 'beds' }).differences).toEqual(found);
  expect(refresh(db, { unit: '5W' })).toEqual({ checked: 1, differences: [] });
  expect(refresh(db, { domain: 'lab' })).toEqual({ checked: 0, differences: [] });
});

test('given a patient whose stored state names another unit, when either unit is refreshed, then the difference shows in both', () => {
  const { db } = twoUnits();
  db.prepare(`UPDATE entity SET state = REPLACE(state, '"5W"', '"6N"') WHERE kind = 'encounter'`).run();
  for (const unit of ['5W', '6N']) expect(refresh(db, { unit }).differences.map(({ kind }) => kind)).toEqual(['encounter']);
});

test('given a state that is gone, when its domain is refreshed, then it is a difference', () => {
  const { db } = twoUnits();
  db.prepare(`UPDATE entity SET state = NULL WHERE kind = 'bed'`).run();
  expect(refresh(db, { domain: 'beds' }).differences).toMatchObject([{ kind: 'bed', current: null, recomputed: { unit: '4E' } }]);
});

test('given a domain that does not exist, when it is refreshed, then the answer names those that do', () => {
  expect(() => refresh(temporaryStore().db, { domain: 'everything' })).toThrow(/no domain everything; there are adt, beds/);
});

test('every kind that folds belongs to a domain', () => {
  const { db } = temporaryStore();
  const add = db.prepare('INSERT INTO entity (kind, id, state, changed) VALUES (?, ?, ?, 0)');
  for (const kind of FOLDED_KINDS) add.run(kind, 'X', '{}');
  expect(new Set(REFRESH_DOMAINS.flatMap((domain) => refresh(db, { domain }).differences.map(({ kind }) => kind)))).toEqual(new Set(FOLDED_KINDS));
});
