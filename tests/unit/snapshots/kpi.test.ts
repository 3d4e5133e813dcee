import { expect, test } from 'vitest';
import { siteDays } from '#core/metrics/days.ts';
import { kpisOf, periodsEnded, takeKpi } from '#core/snapshots/kpi.ts';
import { SnapshotPace } from '#core/link/snapshots.ts';
import type { SnapshotBatch } from '#core/snapshots/taken.ts';
import { at, houseOf } from '../metrics/house-of.ts';

const HOUR = 3_600_000;

test.each([
  ['Europe/Berlin', '2026-03-29T12:00:00Z', 23],
  ['Europe/Berlin', '2026-10-25T12:00:00Z', 25],
  ['America/New_York', '2026-11-01T12:00:00Z', 25],
  ['Australia/Lord_Howe', '2026-10-04T03:00:00Z', 24],
  ['Asia/Kathmandu', '2026-10-04T03:00:00Z', 24],
])('in %s the day of %s ends after %d hours, which fill it', (zone, noon, hours) => {
  const day = siteDays(zone).dayOf(Date.parse(noon));
  const ended = periodsEnded(zone, day.from, day.to);
  const spans = ended.filter(({ period }) => period === 'hour').map(({ span }) => span);
  expect(spans).toHaveLength(hours);
  expect([spans[0]!.from, spans.at(-1)!.to]).toEqual([day.from, day.to]);
  expect(spans.slice(1).every(({ from }, i) => from === spans[i]!.to)).toBe(true);
  expect(ended.filter(({ period }) => period === 'day').map(({ span }) => [span.from, span.to])).toEqual([[day.from, day.to]]);
});

const site = { units: [{ id: '4E', name: 'East', kind: 'ward' as const, beds: ['1'] }] };
const discharge = (time: string, encounter: string) => [
  ['adt.admitted', '01:00', { encounter, patient: { id: encounter }, location: { unit: '4E', unitKind: 'ward', bed: '1' } }] as const,
  ['adt.discharged', time, { encounter }] as const,
];

test('a KPI counts what falls into its hour, and says why it knows nothing', () => {
  const house = houseOf(site, [...discharge('09:30', 'V1'), ...discharge('10:00', 'V2')]);
  const span = { from: at('09:00'), to: at('10:00') };
  const kpi = (metric: string) => takeKpi(house, { period: 'hour', metric, scope: {}, span });
  expect(kpi('census.discharges')).toMatchObject({ subject: ['hour', 'census.discharges', ''], facts: { until: span.to, value: 1 }, unknown: {} });
  expect(kpi('census.los_days').facts).toMatchObject({ count: 1, value: null });
  expect(kpi('ed.census')).toMatchObject({ facts: { value: null }, unknown: { value: expect.stringContaining('no ed.arrived event') } });
});

test('of a day the flow of each unit is told beside the hospital', () => {
  const house = houseOf(site, discharge('09:30', 'V1'));
  const span = siteDays('UTC').dayOf(at('12:00'));
  expect(kpisOf(house, { period: 'day', span }).filter(({ scope }) => scope['unit'] === '4E').length).toBeGreaterThan(3);
  expect(kpisOf(house, { period: 'hour', span }).every(({ scope }) => scope['unit'] === undefined)).toBe(true);
});

/** Lets a site's clock run in steps of ten seconds and gathers what is due. */
function run(pace: SnapshotPace, house: ReturnType<typeof houseOf>, from: number, to: number): SnapshotBatch[] {
  const batches: SnapshotBatch[] = [];
  for (let now = from; now < to; now += 1_000) {
    const batch = pace.due(house, now);
    if (batch) batches.push(batch);
  }
  return batches;
}

test('given a running clock, when minutes pass, then each family is taken once a minute and only what changed is kept', () => {
  const house = houseOf(site, discharge('09:30', 'V1'));
  const batches = run(new SnapshotPace({ elapsed: () => 0 }), house, at('10:10'), at('10:12'));
  expect(batches.map(({ family }) => family).sort()).toEqual([...new Set(batches.map(({ family }) => family))].sort().flatMap((family) => [family, family]));
  expect(batches.filter(({ family }) => family === 'bed').map(({ taken }) => taken.length)).toEqual([1, 0]);
});

test('given a family that takes longer than a tick may, when minutes pass, then it is taken less often, and the others as before', () => {
  const house = houseOf(site, discharge('09:30', 'V1'));
  let elapsed = 0;
  let asked = 0;
  // Every family asks twice, before and after; the first family of each round takes 40 ms.
  const pace = new SnapshotPace({ elapsed: () => (elapsed += asked++ === 1 ? 40 : 0) });
  const families = run(pace, house, at('10:10'), at('10:16')).map(({ family }) => family);
  const [slow, fast] = [families[0]!, families[1]!];
  expect(families.filter((family) => family === slow)).toHaveLength(2);
  expect(families.filter((family) => family === fast)).toHaveLength(6);
});

test('given KPIs that take long, when an hour has ended, then they are answered over several ticks, each once', () => {
  const house = houseOf(site, discharge('09:30', 'V1'));
  let elapsed = 0;
  const pace = new SnapshotPace({ elapsed: () => (elapsed += 5) });
  run(pace, house, at('09:59'), at('10:00'));
  const kpis = run(pace, house, at('10:00'), at('10:10')).filter(({ family }) => family === 'kpi');
  const names = kpis.flatMap(({ taken }) => taken.map(({ subject }) => subject.join()));
  expect(Math.max(...kpis.map(({ taken }) => taken.length))).toBe(2);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBe(kpisOf(house, { period: 'hour', span: siteDays('UTC').hourOf(at('09:00')) }).length);
});

test('given an hour that ends, when the clock goes on, then its KPIs are computed; what came late has its window counted again', () => {
  const before = houseOf(site, discharge('09:30', 'V1'));
  const pace = new SnapshotPace({ elapsed: () => 0 });
  run(pace, before, at('09:59'), at('10:05'));
  const after = houseOf(site, [...discharge('09:30', 'V1'), ...discharge('09:31', 'V2')]);
  pace.happened(at('09:31'));
  const kpis = run(pace, after, at('10:59'), at('11:05')).filter(({ family }) => family === 'kpi');
  const discharges = kpis.flatMap(({ at: from, taken }) => taken.filter(({ subject }) => subject[1] === 'census.discharges').map(({ facts }) => [from, facts['value']]));
  expect(discharges).toEqual([[at('10:00'), 0], [at('09:00'), 2]]);
  expect(kpis.flatMap(({ at: from, taken }) => taken.filter(({ subject }) => subject[1] === 'beds.occupied').map(() => from))).toEqual([at('10:00')]);
  expect(kpis.every(({ at: from }) => from % HOUR === 0)).toBe(true);
});
