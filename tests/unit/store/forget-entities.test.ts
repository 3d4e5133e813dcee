import { expect, test } from 'vitest';
import { retentionSchema } from '#shared/retention.ts';
import { allBaselines } from '#core/store/baselines.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { currentEntities, entitiesAt, hashState } from '#core/store/state.ts';
import type { SiteStore } from '#core/store/site-store.ts';
import { storeTasks, Upkeep } from '#core/store/upkeep.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, stateHash, temporaryStore } from '../../fixtures/stores.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const KEEP = { events: 2, entities: 5, baselines: 4 };

const admitted = (encounter: string, time: number, bed?: string) => envelope('adt.admitted', time, { encounter, patient: { id: encounter }, location: { unit: '4E', ...(bed === undefined ? {} : { bed }) } }, { id: `${encounter}-in` });
const discharged = (encounter: string, time: number) => envelope('adt.discharged', time, { encounter }, { id: `${encounter}-out` });
const stay = (encounter: string, day: number, bed?: string) => [admitted(encounter, START + day * DAY + HOUR, bed), discharged(encounter, START + day * DAY + 2 * HOUR)];
/** Encounters of a store, by the names they have here: pseudonyms are the same in all stores of a site. */
function ids(store: SiteStore): string[] {
  const named = temporaryStore();
  apply(named, ['IN', 'LAST', 'V', ...Array.from({ length: 30 }, (_, i) => [`V${i}`, `other-${i}`]).flat()].map((name) => admitted(name, START)));
  const names = new Map(named.db.prepare("SELECT json_extract(data, '$.encounter') AS pseudonym, substr(id, 1, length(id) - 3) AS name FROM ops_event").raw().all() as [string, string][]);
  return [...currentEntities(store.db)].filter(({ kind }) => kind === 'encounter').map(({ id }) => names.get(id)!).sort();
}
const rows = (store: SiteStore, table: string) => (store.db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get() as { n: number }).n;

/** Upkeep at the end of a day (days since the start). */
function endOfDay(store: SiteStore, day: number): void {
  const now = START + (day + 1) * DAY;
  const upkeep = new Upkeep(storeTasks(store, retentionSchema.parse(KEEP)));
  upkeep.due(now - DAY);
  upkeep.due(now);
  while (upkeep.step(now));
  expect(upkeep.state.state).toBe('idle');
}

function rebuilt(store: SiteStore): string {
  rebuild(store.db);
  return stateHash(store);
}

test('given stays of many days, when closed ones are kept for some, then older ones are gone but who is still in, and the state is that of a store that never heard of them', () => {
  const store = temporaryStore();
  apply(store, [admitted('IN', START)]);
  for (let day = 0; day < 12; day++) {
    apply(store, stay(`V${day}`, day));
    endOfDay(store, day);
    expect(rebuilt(store)).toBe(stateHash(store));
  }
  expect(ids(store)).toEqual(['IN', 'V10', 'V11', 'V7', 'V8', 'V9']);
  const never = temporaryStore();
  apply(never, [admitted('IN', START), ...[7, 8, 9, 10, 11].flatMap((day) => stay(`V${day}`, day))]);
  expect(stateHash(never)).toBe(stateHash(store));
});

test('given stays that are forgotten, when an earlier day is asked for, then its baseline still has them, and once it has gone nothing of them is left', () => {
  const store = temporaryStore();
  for (let day = 0; day < 9; day++) {
    apply(store, stay(`V${day}`, day));
    endOfDay(store, day);
  }
  const [oldest] = allBaselines(store.db);
  expect(hashState(entitiesAt(store.db, oldest!.horizon))).toBe(oldest!.state_hash);
  for (let day = 9; day < 30; day++) {
    apply(store, stay(`V${day}`, day));
    endOfDay(store, day);
    for (const { horizon, state_hash: hash } of allBaselines(store.db).slice(0, -1)) expect(hashState(entitiesAt(store.db, horizon))).toBe(hash);
  }
  expect(rows(store, 'entity')).toBeLessThan(15);
  expect(rows(store, 'baseline_entity')).toBeLessThan(15);
});

test('given a stay that is forgotten, when something is said of it after all, then it begins anew, in the same way as after a rebuild, and is forgotten again', () => {
  const store = temporaryStore();
  apply(store, stay('V', 0));
  for (let day = 0; day < 8; day++) {
    apply(store, stay(`other-${day}`, day));
    endOfDay(store, day);
  }
  expect(ids(store)).not.toContain('V');
  apply(store, [{ ...admitted('V', START + 8 * DAY), id: 'again' }]);
  apply(store, [{ ...discharged('V', START + 8 * DAY + HOUR), id: 'again-out' }, { ...discharged('V', START + 8 * DAY + HOUR / 2), id: 'late' }]);
  const hash = stateHash(store);
  expect(ids(store)).toContain('V');
  expect(rebuilt(store)).toBe(hash);
  for (let day = 8; day < 30; day++) {
    apply(store, stay(`other-${day}`, day));
    endOfDay(store, day);
    expect(rebuilt(store)).toBe(stateHash(store));
  }
  expect(ids(store)).not.toContain('V');
});

test('given a bed that nobody has cleaned since a stay of long ago, when stays are forgotten, then that one is kept', () => {
  const store = temporaryStore();
  apply(store, stay('LAST', 0, '1'));
  for (let day = 0; day < 12; day++) {
    apply(store, stay(`V${day}`, day));
    endOfDay(store, day);
  }
  expect(ids(store)).toContain('LAST');
  expect(ids(store)).not.toContain('V0');
  expect(store.db.prepare('SELECT unit, bed FROM bed_use').all()).toEqual([{ unit: '4E', bed: '1' }]);
  expect(rebuilt(store)).toBe(stateHash(store));
});
