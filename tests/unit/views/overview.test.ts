import { describe, expect, it } from 'vitest';
import type { AfterDecisionsItem, CensusItem, UnitPressureItem } from '#shared/views/boards.ts';
import { isDistribution } from '#shared/metrics/result.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import type { ViewContext } from '#core/views/context.ts';
import { orView } from '#core/views/or/view.ts';
import { overviewView } from '#core/views/overview/view.ts';
import { trendSeries } from '#core/views/trend-series.ts';
import { at, happened, houseWith } from '../domain/given.ts';
import { contextOf, feed, item } from './world.ts';

const MINUTE = 60_000;
type Event = ReturnType<typeof happened>;
const site = {
  units: [
    { id: '4E', name: '4E Cardio', kind: 'ward' as const, beds: ['1', '2', '3', '4'] },
    { id: 'MICU', name: 'MICU', kind: 'icu' as const, beds: ['1', '2'] },
    { id: 'ED', name: 'ED', kind: 'ed' as const, beds: ['A1', 'A2'] },
  ],
};
const admitted = (encounter: string, clock: string, unit: string, bed: string) => happened(clock, 'adt.admitted', { encounter, patient: { id: `P-${encounter}` }, location: { unit, bed }, class: 'inpatient' });
const arrived = (encounter: string, clock: string) => happened(clock, 'ed.arrived', { encounter, patient: { id: `P-${encounter}` }, unit: 'ED' });
const inEd = (type: string, encounter: string, clock: string, data: Record<string, unknown> = {}) => happened(clock, type, { encounter, ...data });
const board = (clock: string, events: readonly Event[], more: Partial<ViewContext> = {}) => overviewView.compute(contextOf(houseWith(site, ...events), at(clock), more));
const keys = (items: Record<string, unknown>, prefix: string) => Object.keys(items).filter((key) => key.startsWith(prefix));

const inpatients = [admitted('V1', '08:00', '4E', '1'), admitted('V2', '08:00', '4E', '2'), admitted('V3', '09:00', 'MICU', '1')];

describe('tiles of the overview', () => {
  it('are absent while nothing was told', () => expect(board('10:00', [])).toEqual({}));

  it('come with the events they are made of', () => {
    expect(keys(board('10:00', inpatients), 'kpi:')).toEqual(['kpi:beds.occupancy_rate', 'kpi:icu.occupancy_rate']);
    expect(keys(board('10:00', [arrived('E1', '09:00')]), 'kpi:')).toEqual(['kpi:ed.census']);
    expect(keys(board('10:00', [arrived('E1', '09:00'), inEd('ed.triaged', 'E1', '09:04')]), 'kpi:')).toEqual(['kpi:ed.census', 'kpi:ed.registration_to_triage']);
  });

  it('come with what has a limit, count over limit, and a limit that nobody counts for has none', () => {
    const wipLimits = [{ stage: 'lab-orders-pending' as const, limit: 1 }, { stage: 'waiting-in-ed' as const, limit: 3 }, { stage: 'boarding' as const, limit: 2 }];
    const ordered = happened('09:00', 'lab.order-created', { order: 'L1', test: 'K' }, { source: 'lis' });
    const items = overviewView.compute(contextOf(houseWith({ ...site, wipLimits }, arrived('E1', '08:00'), inEd('ed.admission-decided', 'E1', '09:00'), ordered), at('10:00')));
    expect(keys(items, 'kpi:')).toEqual(['kpi:ed.census', 'kpi:ed.boarders', 'kpi:lab.pending']);
    expect(item<MetricItem>(items, 'kpi:lab.pending')).toMatchObject({ value: 1, wip: { limit: 1, state: 'at-limit' }, severity: 'warn', direction: 'high' });
    expect(item<MetricItem>(items, 'kpi:ed.boarders')).toMatchObject({ value: 1, wip: { limit: 2, state: 'within' }, severity: 'normal' });
  });

  it('say why a number that was told before is not known now', () => {
    const triage = [arrived('E1', '09:00'), inEd('ed.triaged', 'E1', '09:04')];
    const nextDay = at('10:00') + 1_440 * MINUTE;
    const tile = item<MetricItem>(overviewView.compute(contextOf(houseWith(site, ...triage), nextDay)), 'kpi:ed.registration_to_triage');
    expect(tile).toMatchObject({ value: null, samples: 0, severity: 'normal' });
    expect(tile.reason).toMatch(/\w/);
  });

  it('put NEDOCS in the place of the census once all its inputs are told', () => {
    const ed = [
      arrived('E1', '08:00'), inEd('ed.roomed', 'E1', '08:30', { space: 'A1' }), inEd('ed.admission-decided', 'E1', '09:00'), inEd('ed.ventilator-status-changed', 'E1', '09:00', { ventilated: true }),
    ];
    const items = board('10:00', [...inpatients, ...ed]);
    expect(keys(items, 'kpi:ed.')).toEqual(['kpi:ed.nedocs', 'kpi:ed.boarders']);
    // -20 + 85.8 x 1/2 + 600 x 1/6 + 13.4 x 1 + 0.93 x 1 + 5.64 x 0.5
    expect(item<MetricItem>(items, 'kpi:ed.nedocs').value).toBeCloseTo(140.05, 6);
    expect(item<MetricItem>(items, 'kpi:ed.nedocs').severity).toBe('warn');
  });

  it('take the urgent results of the laboratory where it has such a priority', () => {
    const order = (id: string, priority: string) => [
      happened('08:00', 'lab.specimen-collected', { order: id, test: 'K', priority }, { source: 'lis' }),
      happened('09:10', 'lab.result-reported', { order: id, test: 'K', priority }, { source: 'lis' }),
    ];
    expect(keys(board('10:00', order('L1', 'ROUTINE')), 'kpi:')).toEqual(['kpi:lab.turnaround']);
    const items = board('10:00', [...order('L1', 'ROUTINE'), ...order('L2', 'STAT')]);
    expect(item<MetricItem>(items, 'kpi:lab.turnaround@priority=STAT')).toMatchObject({ figure: 'p90', value: 70, samples: 1, severity: 'warn', warn: 60, crit: 90, feeds: ['lis'] });
  });

  it('carry everything a second asker needs to get the same number', () => {
    const events = [...inpatients, arrived('E1', '08:00'), inEd('ed.departed', 'E1', '09:30', { disposition: 'home' }), happened('09:45', 'adt.discharged', { encounter: 'V1' })];
    const house = houseWith(site, ...events);
    const items = overviewView.compute(contextOf(house, at('10:00')));
    expect(keys(items, 'kpi:').length).toBeGreaterThan(4);
    for (const key of keys(items, 'kpi:')) {
      const { metric, scope, from, to, at: moment, figure, value } = item<MetricItem>(items, key);
      const result = evaluate(house, { metric, scope, at: moment, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
      expect([key, isDistribution(result) ? result[figure as 'p90'] : result.value]).toEqual([key, value]);
    }
  });

  it('count what happens in the very moment of the clock', () => {
    const items = board('09:45', [...inpatients, happened('09:45', 'adt.discharged', { encounter: 'V1' })]);
    expect(item<MetricItem>(items, 'kpi:census.discharges')).toMatchObject({ value: 1, from: at('00:00'), at: at('09:45') });
  });

  it('draw the last 8 h at whole 5 minutes and tell the change of the last 2 h', () => {
    const trend = Array.from({ length: 601 }, (_, i): [number, number] => [at('00:00') + i * MINUTE, i / 1_000]);
    const tile = item<MetricItem>(board('10:03', inpatients, { trend: (metric) => (metric === 'beds.occupancy_rate' ? trend : []) }), 'kpi:beds.occupancy_rate');
    expect([tile.trend[0], tile.trend.at(-1), tile.trend.length]).toEqual([[at('02:05'), 0.125], [at('10:00'), 0.6], 96]);
    expect(tile.value).toBe(0.5);
    expect(tile.change).toBeCloseTo(0.5 - 0.483, 9);
  });

  it('know no change while the samples do not reach back', () => {
    expect(item<MetricItem>(board('10:00', inpatients, { trend: () => [[at('09:00'), 0.3]] }), 'kpi:beds.occupancy_rate').change).toBeNull();
  });

  it('name the feeds they live on, or all where a site publishes by other systems', () => {
    const feeds = (...sources: string[]) => item<MetricItem>(board('10:00', inpatients, { feeds: sources.map((s) => feed(s)) }), 'kpi:beds.occupancy_rate').feeds;
    expect(feeds('ehr', 'or', 'staff')).toEqual(['ehr', 'staff']);
    expect(feeds('or', 'flow')).toEqual(['or', 'flow']);
  });

  it('have samples of their own for every trend', () => {
    const events = [...inpatients, arrived('E1', '08:00'), inEd('ed.departed', 'E1', '09:30'), happened('09:45', 'adt.discharge-pending', { encounter: 'V1' }),
      happened('06:00', 'or.case-scheduled', { case: 'A', room: '1', scheduledStart: new Date(at('08:00')).toISOString(), scheduledMinutes: 60 }), happened('08:00', 'or.patient-in-room', { case: 'A' })];
    const house = houseWith(site, ...events);
    const asked = new Set<string>();
    const context = contextOf(house, at('10:00'), { trend: (metric, scope) => (asked.add(JSON.stringify([metric, scope])), []) });
    overviewView.compute(context);
    orView.compute(context);
    const sampled = new Set(trendSeries(house, at('10:00')).map(({ metric, scope }) => JSON.stringify([metric, scope])));
    expect([...asked].filter((series) => !sampled.has(series))).toEqual(['["or.cases_scheduled",{}]']);
  });
});

describe('a row of unit pressure', () => {
  const row = (clock: string, events: readonly Event[], unit = '4E', more: Partial<ViewContext> = {}) => item<UnitPressureItem | undefined>(board(clock, events, more), `unit:${unit}`);

  it('tells how full the unit is, by the limits of its kind', () => {
    expect(row('10:00', inpatients)).toMatchObject({ name: '4E Cardio', kind: 'ward', staffed: 4, occupied: 2, rate: 0.5, severity: 'normal', warn: 0.92, crit: 0.97, afterDelta: null });
    const full = [...inpatients, admitted('V4', '09:30', 'MICU', '2')];
    expect(row('10:00', full, 'MICU')).toMatchObject({ rate: 1, severity: 'crit', warn: 0.9 });
  });

  it('is there for inpatient units alone', () => {
    const staffed = ['4E', 'MICU', 'ED'].map((unit) => happened('06:00', 'unit.staffing-reported', { unit, staffedBeds: 4 }, { source: 'staff' }));
    expect(keys(board('10:00', [...inpatients, ...staffed]), 'unit:')).toEqual(['unit:4E', 'unit:MICU']);
  });

  it('takes its past from the samples at the site\'s full hours', () => {
    const trend = [[at('06:58'), 0.25], [at('08:00'), 0.5], [at('09:55'), 0.75]] as const;
    const past = row('10:10', inpatients, '4E', { trend: () => trend })?.past;
    expect(past).toHaveLength(8);
    expect(past?.slice(4)).toEqual([[at('07:00'), 0.25], [at('08:00'), 0.5], [at('09:00'), null], [at('10:00'), 0.75]]);
  });

  it('tells what decided movements will make of it', () => {
    const pending = [...inpatients, happened('09:30', 'adt.discharge-pending', { encounter: 'V1' }), happened('09:40', 'adt.transfer-pending', { encounter: 'V3', to: { unit: '4E' } })];
    expect([row('10:00', pending)?.afterDelta, row('10:00', pending, 'MICU')?.afterDelta]).toEqual([0, -1]);
  });
});

describe('after decisions', () => {
  it('is absent while nothing is decided', () => expect(board('10:00', inpatients)).not.toHaveProperty('after'));

  it('leads from now through each movement to the metric\'s own number', () => {
    const decided = [
      ...inpatients, happened('09:30', 'adt.discharge-pending', { encounter: 'V1' }), happened('09:40', 'adt.transfer-pending', { encounter: 'V3', to: { unit: '4E' } }),
      arrived('E1', '08:00'), inEd('ed.admission-decided', 'E1', '09:00', { toUnit: 'MICU' }),
    ];
    const after = item<AfterDecisionsItem>(board('10:00', decided), 'after');
    expect(after).toMatchObject({
      now: 3, staffed: 6, after: 3,
      steps: [{ label: 'Disch', delta: -1 }, { label: 'Out', delta: -1 }, { label: 'In', delta: 1 }, { label: 'Admits', delta: 1 }],
    });
    expect(after.rate.value).toBe(after.after / after.staffed);
    expect(after.steps.reduce((sum, { delta }) => sum + delta, after.now)).toBe(after.after);
  });

  it('shows beds held for operating rooms beside the sum, and not in it', () => {
    const hold = (id: string, more: object) => happened('09:00', 'or.bed-hold-requested', { case: id, ...more });
    const held = [...inpatients, hold('C1', { unitKind: 'icu', unit: 'MICU' }), hold('C2', { unitKind: 'pacu' }), hold('C3', { unitKind: 'icu' })];
    const after = item<AfterDecisionsItem>(board('10:00', held), 'after');
    expect(after).toMatchObject({ now: 3, staffed: 6, steps: [], after: 3, holds: [{ kind: 'icu', beds: 2 }, { kind: 'pacu', beds: 1 }] });
    expect(after.rate.value).toBe(0.5);
  });
});

describe('the census', () => {
  it('ends with the beds occupied now', () => {
    const trend = [[at('09:50'), 2], [at('09:57'), 2], [at('10:02'), 2]] as const;
    expect(item<CensusItem>(board('10:02', inpatients, { trend: () => trend }), 'census')).toEqual({
      staffed: 6, target: 5, change: null, points: [[at('09:50'), 2], [at('10:02'), 3]], at: at('10:02'), feeds: ['ehr', 'bed'],
    });
  });
});
