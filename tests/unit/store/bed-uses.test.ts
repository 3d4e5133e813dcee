import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillBedUses, KEPT_PER_BED } from '#core/store/migrations/006-bed-uses.ts';
import type { Db } from '#core/store/open.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { histories } from '../../fixtures/histories.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 14);

const uses = (db: Db) => db.prepare('SELECT * FROM bed_use ORDER BY unit, bed, entity').all();

/** What SQL makes of the encounters as they stand: the table's definition. */
function defined(db: Db): unknown[] {
  db.exec(fillBedUses);
  return uses(db);
}

function spoil(db: Db): void {
  db.exec("DELETE FROM bed_use WHERE entity % 2 = 0; UPDATE bed_use SET vacated_at = vacated_at + 1; INSERT INTO bed_use SELECT 'nowhere', 1, entity_id, 1, 2 FROM entity LIMIT 1");
}

test('given any history and a spoilt table of past uses, when the store is rebuilt, then the table is what the encounters say', () => {
  fc.assert(
    fc.property(histories, (events) => {
      const store = temporaryStore();
      for (const event of [...events].reverse()) apply(store, [event]);
      spoil(store.db);
      rebuild(store.db);
      expect(uses(store.db)).toEqual(defined(store.db));
    }),
    { numRuns: 12 },
  );
});

test('given a bed that many have left, when the store is rebuilt, then the newest few uses are kept', () => {
  const store = temporaryStore();
  const stays = 2 * KEPT_PER_BED;
  for (let i = 0; i < stays; i++) {
    const encounter = `V${i}`;
    const at = START + i * 10 * MINUTE;
    apply(store, [
      envelope('adt.admitted', at, { encounter, patient: { id: `MRN${i}` }, location: { unit: '4E', unitKind: 'ward', bed: '12' } }),
      envelope('adt.discharged', at + 9 * MINUTE, { encounter, patient: { id: `MRN${i}` } }),
    ]);
  }
  const kept = uses(store.db);
  spoil(store.db);
  rebuild(store.db);
  expect(kept).toHaveLength(KEPT_PER_BED);
  expect(uses(store.db)).toEqual(kept);
  expect(uses(store.db)).toEqual(defined(store.db));
});
