import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CLOSES } from '#core/domain/open.ts';
import { Recent } from '#core/domain/recent.ts';
import { FOLDED_KINDS } from '#core/domain/states.ts';
import { readBehind } from '#core/link/read-behind.ts';
import { LiveSite } from '#core/link/live-site.ts';
import { sample } from '#core/link/sampler.ts';
import { kpisOf, takeKpi } from '#core/snapshots/kpi.ts';
import { FAMILIES_OF_A_MOMENT, takeSnapshots } from '#core/snapshots/take.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { trendSeries } from '#core/views/trend-series.ts';
import { views } from '#core/views/views.ts';
import { envelope, type TestEnvelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 0, 14, 8);
/** Rows a step takes at most when it has no time. */
const PAGE = 100;
const BEDS = 150;

/** `count` stays that are over, one after the other in each of {@link BEDS} beds, the last of them ending shortly before `end`; two orders each. */
function stays(count: number, end: number): TestEnvelope[] {
  return Array.from({ length: count }, (_, i) => {
    const at = end - (count - i) * MINUTE;
    const head = (what: string) => ({ id: `${what} ${i}` });
    const stay = { encounter: `V${i}`, patient: { id: `MRN${i}` } };
    return [
      envelope('adt.admitted', at - 30 * MINUTE, { ...stay, location: { unit: '4E', unitKind: 'ward', bed: String(i % BEDS) } }, head('in')),
      envelope('lab.order-created', at - 20 * MINUTE, { order: `L${i}`, encounter: `V${i}`, test: 'K', priority: 'STAT' }, head('ordered')),
      envelope('lab.result-reported', at - 10 * MINUTE, { order: `L${i}`, encounter: `V${i}`, test: 'K', priority: 'STAT' }, head('done')),
      envelope('pharmacy.order-queued', at - 20 * MINUTE, { order: `P${i}`, unit: '4E' }, head('queued')),
      envelope('pharmacy.dispensed', at - 10 * MINUTE, { order: `P${i}`, unit: '4E' }, head('dispensed')),
      envelope('adt.discharged', at, stay, head('out')),
    ];
  }).flat();
}

function world(count: number, { most }: { most?: number } = {}) {
  const dataDir = temporaryDir();
  const store = temporaryStore(dataDir);
  apply(store, stays(count, NOW));
  let now = NOW;
  const site = new LiveSite(storeFiles(dataDir, DEFAULT_SITE).log, DEFAULT_SITE, { mode: 'wall', speed: 1, now: () => now }, new Map(), most);
  onTestFinished(() => site.stopReading());
  const closed = () => FOLDED_KINDS.filter((kind) => CLOSES.has(kind)).reduce((sum, kind) => sum + [...site.house.all(kind)].length, 0);
  return { store, site, closed, to: (time: number) => void (now = time) };
}

test('given much that was over when a core starts, when it is read in the shortest steps, then each takes a page of it at most, past uses of beds too', () => {
  const { store, site, closed } = world(600);
  const remembered = vi.spyOn(site.house, 'remember');
  const steps: { entities: number; uses: number }[] = [];
  for (let whole = false; !whole; ) {
    const [entities, uses] = [closed(), remembered.mock.calls.length];
    whole = site.readOn(0);
    steps.push({ entities: closed() - entities, uses: remembered.mock.calls.length - uses });
  }
  const rows = store.db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM bed_use').get()!.n;
  expect({ closed: closed(), uses: remembered.mock.calls.length }).toEqual({ closed: 1_800, uses: rows });
  expect(rows).toBeGreaterThan(5 * PAGE);
  expect(Math.max(...steps.map(({ entities, uses }) => entities + uses))).toBe(PAGE);
});

test('given much in memory that closed long ago, when it is let go of in the shortest steps, then each takes a page of it at most, and none stays', () => {
  const { site, closed, to } = world(450);
  site.readOn();
  to(NOW + 6 * 24 * HOUR);
  const steps: number[] = [];
  for (let done = false; !done; ) {
    const before = closed();
    done = site.forgetClosed(0);
    steps.push(before - closed());
  }
  expect(closed()).toBe(0);
  expect(Math.max(...steps)).toBe(PAGE);
});

test('given more that has closed than memory may hold, when it is let go of in the shortest steps, then the oldest go', () => {
  const { store, site, closed, to } = world(100, { most: 300 });
  site.readOn();
  const later = stays(400, NOW + 10 * HOUR).map((event) => ({ ...event, id: `later ${event.id}`, data: { ...event.data, ...('encounter' in event.data ? { encounter: `later ${event.data['encounter'] as string}` } : {}), ...('order' in event.data ? { order: `later ${event.data['order'] as string}` } : {}) } }));
  for (let i = 0; i < later.length; i += 200) {
    site.apply(apply(store, later.slice(i, i + 200)));
    site.forgetClosed(0);
  }
  to(NOW + 10 * HOUR);
  while (!site.forgetClosed(0));
  expect(closed()).toBe(300);
  expect(Math.min(...[...site.house.all('encounter').values()].map(({ adt }) => adt!.dischargedAt!))).toBe(NOW + 10 * HOUR - 100 * MINUTE);
});

test('given a core that has read what was over, when boards, samples, snapshots and KPIs ask of the site, then nothing in memory is gone through anew', async () => {
  const { site, closed } = world(1_400);
  const stop = readBehind(site, (error) => {
    throw error;
  }, 0);
  onTestFinished(stop);
  expect(site.whole).toBe(false);
  while (!site.whole) await sleep(1);
  expect(closed()).toBe(4_200);
  const added = vi.spyOn(Recent.prototype, 'add');
  onTestFinished(() => added.mockRestore());
  const context = site.context();
  for (const view of views.values()) view.compute(context, {});
  for (const family of FAMILIES_OF_A_MOMENT) takeSnapshots(site.house, family, NOW);
  sample(site.house, trendSeries(site.house, NOW), NOW);
  for (const kpi of kpisOf(site.house, { period: 'day', span: { from: NOW - 24 * HOUR, to: NOW } })) takeKpi(site.house, kpi);
  expect(added).not.toHaveBeenCalled();
});
