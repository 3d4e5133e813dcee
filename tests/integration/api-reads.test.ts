import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { getBottlenecks, getKpiTrend, getOccupancyTrends, getUnitPerformance } from '#shared/api/analytics.ts';
import { getEdStatus, getImagingStatus, getLabStatus, getOrStatus, getOverview, getRcmStatus, listBeds, listUnits } from '#shared/api/boards.ts';
import type { Answered, Operation } from '#shared/api/operation.ts';
import { latestKpis, listKpis, listMetrics, refreshSnapshots, snapshotOperations, updateSnapshots } from '#shared/api/snapshots.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { openForReading } from '#core/store/open.ts';
import { latestSnapshots, snapshotHistory } from '#core/store/read-snapshots.ts';
import { Station } from '../rig/station.ts';
import { until } from '../rig/until.ts';
import { answer } from '../rig/vigil-run.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
/** A day of the demo hospital that ended at noon and goes on slowly: what is asked twice is the same. */
const DAY = '2026-03-03';
let here: Station;
beforeAll(async () => {
  here = await Station.start('embedded', dir, { flags: ['--demo', '--day', DAY, '--begin', '12:00'] });
  // What looks back is unknown until the house is read.
  await until('the house to be read', async () => (await get('/ready')).ok);
}, 240_000);
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) => here.ask('GET', path, { token: null, headers });

/** The answer, which must be as its operation says. */
async function told<O extends Operation & { answer: z.ZodType }>(operation: O, query: Record<string, string> = {}, path: string = operation.path): Promise<Answered<O>> {
  const response = await get(`${path}?${new URLSearchParams(query)}`);
  const body = (await response.json()) as unknown;
  expect([response.status, response.status === 200 ? '' : body]).toEqual([200, '']);
  const { error } = operation.answer.safeParse(body);
  expect(error?.issues ?? []).toEqual([]);
  return body as Answered<O>;
}

function fromStore<T>(read: (db: ReturnType<typeof openForReading>) => T): T {
  const db = openForReading(storeFiles(here.data, DEFAULT_SITE).log);
  try {
    return read(db);
  } finally {
    db.close();
  }
}

const window = { from: `${DAY}T00:00:00-05:00`, to: `${DAY}T12:00:00-05:00` };

describe('boards', () => {
  test.each([getOverview, getOrStatus, getEdStatus, getLabStatus, getImagingStatus, getRcmStatus, listUnits])('$id answers as described, with its sources', async (operation) => {
    const { sources } = (await told(operation)) as { sources: { source: string; ageSeconds: number | null }[] };
    expect(sources.length).toBeGreaterThan(3);
    for (const { ageSeconds } of sources) expect(ageSeconds).toEqual(expect.any(Number));
  });

  test('tell the numbers that a query of the same moment and window gives', async () => {
    const { metrics } = await told(getLabStatus);
    const { kpis } = await told(getOverview);
    const asked = [...metrics, ...kpis].filter(({ value, from }) => value !== null && from !== undefined);
    expect(asked.length).toBeGreaterThan(5);
    for (const { metric, scope, figure, value, from, to } of asked) {
      const query = new URLSearchParams({ from: new Date(from!).toISOString(), to: new Date(to!).toISOString(), ...Object.fromEntries(Object.entries(scope).map(([key, one]) => [`scope.${key}`, one])) });
      const result = (await (await get(`/metrics/${metric}?${query}`)).json()) as Record<string, number>;
      expect([metric, figure, result[figure]]).toEqual([metric, figure, value]);
    }
  });

  test('come as an entity tag while nothing has changed', async () => {
    const first = await get('/metrics');
    expect([first.status, (await get('/metrics', { 'if-none-match': first.headers.get('etag')! })).status]).toEqual([200, 304]);
  });

  test('list every bed once, page by page', async () => {
    const whole = (await told(listBeds, { limit: '1000' })).items;
    expect(whole.length).toBeGreaterThan(600);
    const keys: string[] = [];
    for (let cursor: string | undefined, pages = 0; pages < 200; pages++) {
      const page: Answered<typeof listBeds> = await told(listBeds, { limit: '100', ...(cursor ? { cursor } : {}) });
      keys.push(...page.items.map(({ unit, bed }) => `${unit}/${bed}`));
      if ((cursor = page.next) === undefined) break;
    }
    expect(keys).toEqual(whole.map(({ unit, bed }) => `${unit}/${bed}`));
    const { unit } = whole[0]!;
    const occupied = (await told(listBeds, { unit, status: 'occupied' })).items;
    expect(occupied.map(({ bed }) => bed)).toEqual(whole.filter((one) => one.unit === unit && one.status === 'occupied').map(({ bed }) => bed));
    expect((await get('/bed-management?unit=nowhere')).status).toBe(404);
    expect((await get('/bed-management?cursor=nothing')).status).toBe(400);
  });
});

describe('snapshots', () => {
  test.each(snapshotOperations.map((one) => [one.family.name, one] as const))('of %s are what the store holds', async (name, { family, latest, history }) => {
    const at = window.to;
    expect((await told(latest as never, { at }) as { items: unknown }).items).toEqual(fromStore((db) => latestSnapshots(db, { family: name }, Date.parse(at))));
    const query = { from: `${DAY}T08:00:00-05:00`, to: at };
    const whole = fromStore((db) => snapshotHistory(db, { family: name }, Date.parse(query.from), Date.parse(query.to), 10_000)).snapshots;
    const paged: unknown[] = [];
    for (let cursor: string | undefined, pages = 0; pages < 200; pages++) {
      const page = (await told(history as never, { ...query, limit: '400', ...(cursor ? { cursor } : {}) })) as { items: unknown[]; next?: string };
      paged.push(...page.items);
      if ((cursor = page.next) === undefined) break;
    }
    expect(paged).toEqual(whole);
    expect(family.subject.length).toBeGreaterThan(0);
  });

  test('are taken at once for who may, and stand as the newest', async () => {
    expect((await here.ask('POST', '/snapshots/unit/update', { token: null })).status).toBe(401);
    expect((await here.ask('POST', '/snapshots/kpi/update')).status).toBe(400);
    const response = await here.ask('POST', '/snapshots/unit/update');
    expect(response.status).toBe(200);
    const { at } = updateSnapshots.answer.parse(await response.json());
    expect(fromStore((db) => db.prepare<[number], number>('SELECT until FROM snapshot_watch WHERE since <= ? ORDER BY since DESC').pluck().get(at))).toBeGreaterThanOrEqual(at);
  });

  test('are computed anew by who may, and lead to no difference', async () => {
    const { unit } = (await told(listUnits)).units[0]!;
    expect((await here.ask('POST', '/snapshots/refresh', { body: { unit }, token: null })).status).toBe(401);
    const response = await here.ask('POST', '/snapshots/refresh', { body: { unit } });
    const body = refreshSnapshots.answer.parse(await response.json());
    expect([response.status, body.different, body.checked > 0]).toEqual([200, 0, true]);
    const { status, detail } = (await (await here.ask('POST', '/snapshots/refresh', { body: { unit: 'nowhere' } })).json()) as { status: number; detail: string };
    expect([status, detail]).toEqual([404, expect.stringContaining('nowhere')]);
    expect((await here.ask('POST', '/snapshots/refresh', { body: { domain: 'nothing' } })).status).toBe(400);
    expect((await here.ask('POST', '/snapshots/refresh', { body: { domain: 'beds' } })).status).toBe(200);
  });
});

describe('KPIs and what is computed of them', () => {
  test('are those that were kept', async () => {
    const { items } = await told(latestKpis, { period: 'hour', metric: 'census.discharges' });
    const [row] = fromStore((db) => latestSnapshots(db, { family: 'kpi', subject: { period: 'hour', metric: 'census.discharges' } }));
    expect(items).toMatchObject([{ metric: 'census.discharges', scope: '', from: row!.at, to: row!.facts['until'], value: row!.facts['value'] }]);
    const history = (await told(listKpis, { period: 'hour', metric: 'census.discharges', ...window })).items;
    const trend = await told(getKpiTrend, { period: 'hour', over: '3', ...window }, '/analytics/kpi-trends/census.discharges');
    expect(trend.points.map(({ from, value }) => [from, value])).toEqual(history.filter(({ from }) => from >= Date.parse(window.from)).map(({ from, value }) => [from, value]));
    const [a, b, c] = trend.points.map(({ value }) => value!) as [number, number, number];
    expect(trend.points[2]).toMatchObject({ average: (a + b + c) / 3, changePerHour: c - b });
  });

  test('are named with unit, formula, source and thresholds', async () => {
    const { items } = await told(listMetrics);
    expect(items.find(({ id }) => id === 'lab.turnaround')).toMatchObject({ unit: 'min', kind: 'distribution', byScope: expect.arrayContaining([expect.objectContaining({ where: 'priority=STAT', warn: 60, crit: 90 })]) as never });
    expect((await get('/analytics/kpi-trends/no.metric?period=day&from=2026-03-01T00:00:00Z&to=2026-03-04T00:00:00Z')).status).toBe(404);
  });

  test('show the occupancy of the hospital and its units, units beside each other, and recurring bottlenecks', async () => {
    const { items } = await told(getOccupancyTrends, { ...window, step: '1h' });
    expect(items[0]).toMatchObject({ points: expect.arrayContaining([expect.objectContaining({ value: expect.any(Number) as number })]) as never });
    expect(items.length).toBeGreaterThan(20);
    const days = { from: '2026-03-01T00:00:00-05:00', to: window.to };
    const { items: units } = await told(getUnitPerformance, days);
    expect(units.filter(({ rank }) => rank === 1).length).toBeGreaterThan(0);
    const bottlenecks = await told(getBottlenecks, { ...window, metric: 'beds.occupancy_rate', observed: '1' });
    expect(bottlenecks.hours.reduce((sum, { observed, unknown }) => sum + observed + unknown, 0)).toBe(items[0]!.points.length);
    expect(bottlenecks.recurring.hours.every(({ share }) => share! >= 0.5)).toBe(true);
  });
});

test('Prometheus reads what the core counts', async () => {
  const text = await (await get('/prometheus')).text();
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) vigil_[a-z_]+ .+|vigil_[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.e+-]+)$/);
  const [{ events }] = here.read<{ events: number }>("SELECT COUNT(*) AS events FROM ops_event WHERE type LIKE 'lab.%'") as [{ events: number }];
  const accepted = Number(/vigil_events_total\{source="lis",instance="[^"]*",outcome="accepted"\} (\d+)/.exec(text)![1]);
  expect(Math.abs(accepted - events)).toBeLessThan(20);
  expect(text).toMatch(/vigil_http_requests_total\{operation="getOverview",status="200"\} [1-9]/);
});

test('a query by command and the API tell the same', async () => {
  const to = `${DAY}T11:00:00-05:00`;
  const byCommand = await answer(['query', 'beds.occupancy_rate', '--to', to, '--data', here.data]);
  expect(await (await get(`/metrics/beds.occupancy_rate?to=${encodeURIComponent(to)}`)).json()).toEqual(byCommand);
});
