import { expect, test } from 'vitest';
import { siteConfigSchema } from '#shared/site.ts';
import { computeHistory } from '#core/link/history.ts';
import { SnapshotPace } from '#core/link/snapshots.ts';
import { FAMILIES_OF_A_MOMENT, takeSnapshots } from '#core/snapshots/take.ts';
import { readHouseAt } from '#core/store/read-house.ts';
import { latestSnapshots, snapshotHistory } from '#core/store/read-snapshots.ts';
import { SnapshotStore } from '#core/store/snapshots.ts';
import { loadEvent } from '../../fixtures/load-events.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 14);
const site = siteConfigSchema.parse({ timezone: 'Asia/Kathmandu', units: [{ id: 'MICU', name: 'MICU', kind: 'icu', beds: ['1', '2'] }] });

function loaded() {
  const store = temporaryStore();
  apply(store, Array.from({ length: 600 }, (_, i) => loadEvent(i, START + i * 20_000)));
  return store.db;
}

test('given a loaded past, when its history is computed, then at each moment snapshots say what the house was then', () => {
  const db = loaded();
  const written = computeHistory(db, site, { from: START, until: START + 3 * HOUR, stepMs: 10 * MINUTE });
  expect(written.moments).toBeGreaterThanOrEqual(19);
  for (const at of [START + 30 * MINUTE, START + 100 * MINUTE, START + 180 * MINUTE]) {
    const house = readHouseAt(db, site, at);
    for (const family of FAMILIES_OF_A_MOMENT) {
      const told = latestSnapshots(db, { family }, at);
      for (const one of takeSnapshots(house, family, at)) {
        const stored = told.find(({ subject }) => JSON.stringify(Object.values(subject).map((name) => name ?? '')) === JSON.stringify(one.subject));
        expect(stored, `${family} ${one.subject}`).toMatchObject({ facts: one.facts, metrics: one.metrics, unknown: one.unknown });
      }
    }
  }
});

test('given a past that is computed twice, then it is the same, and KPIs are of whole hours of the site', () => {
  const db = loaded();
  const span = { from: START, until: START + 3 * HOUR, stepMs: 15 * MINUTE };
  const kpis = () => snapshotHistory(db, { family: 'kpi', subject: { period: 'hour', metric: 'census.transfers_in' } }, START - HOUR, START + 4 * HOUR).snapshots;
  computeHistory(db, site, span);
  const first = kpis();
  computeHistory(db, site, span);
  expect(kpis()).toEqual(first);
  expect(first.map(({ at }) => (at - START) / MINUTE)).toEqual([-45, 15, 75]);
  expect(first.every(({ at, facts }) => (facts['until'] as number) - at === HOUR)).toBe(true);
});

test('given rows that a core took of a past that late events changed, when its history is computed, then they give way within the span', () => {
  const db = loaded();
  const span = { from: START + HOUR, until: START + 2 * HOUR, stepMs: 10 * MINUTE };
  const store = new SnapshotStore(db);
  const stale = { ...takeSnapshots(readHouseAt(db, site, START + HOUR), 'bed', START + HOUR)[0]!, facts: { status: 'blocked' } };
  for (const minute of [55, 65, 125]) store.keep({ family: 'bed', at: START + minute * MINUTE, taken: [stale] });
  computeHistory(db, site, span);
  const [unit, bed] = stale.subject;
  const statuses = snapshotHistory(db, { family: 'bed', subject: { unit: unit!, bed: bed! } }, START, START + 3 * HOUR).snapshots.filter(({ facts }) => facts['status'] === 'blocked');
  expect(statuses.map(({ at }) => (at - START) / MINUTE)).toEqual([55, 125]);
});

test('given a core that watches and a past that is computed, when the same hour passes, then both keep the same KPIs', () => {
  const db = loaded();
  const live = temporaryStore().db;
  const store = new SnapshotStore(live);
  const pace = new SnapshotPace({ elapsed: () => 0 });
  const [before, end] = [START + 14 * MINUTE, START + 75 * MINUTE];
  pace.due(readHouseAt(db, site, end - MINUTE), end - MINUTE);
  const house = readHouseAt(db, site, end);
  for (let now = end; now < end + 2 * MINUTE; now += 1_000) {
    const batch = pace.due(house, now);
    if (batch?.family === 'kpi') store.keep(batch);
  }
  computeHistory(db, site, { from: before, until: end, stepMs: 15 * MINUTE });
  const last = (of: typeof db) => latestSnapshots(of, { family: 'kpi', subject: { period: 'hour' } }, START + 15 * MINUTE).filter(({ at }) => at === START + 15 * MINUTE);
  expect(last(live).length).toBeGreaterThan(40);
  expect(last(live)).toEqual(last(db));
});
