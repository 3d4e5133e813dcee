import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { isDistribution, type DistributionResult, type Scope } from '#shared/metrics/result.ts';
import type { UnitConfig } from '#shared/site.ts';
import { House } from '#core/domain/house.ts';
import { FOLDED_KINDS, type EntityStates, type FoldedKind } from '#core/domain/states.ts';
import { Durations, MINUTE } from '#core/metrics/durations.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import { percentile } from '#core/metrics/statistics.ts';
import { houseOf, type Told } from './house-of.ts';

const START = Date.parse('2026-01-10T00:00:00Z');
const END = START + 3 * 86_400_000;
const moment = fc.nat(3 * 24 * 6 - 1).map((n) => new Date(START + n * 10 * MINUTE).toISOString());
const some = (...values: string[]) => fc.constantFrom(...values);

/** Units and wards, with beds for few: crowded enough that everything meets. */
const site: { units: UnitConfig[] } = {
  units: [
    { id: '4E', name: '4E', kind: 'ward', beds: ['1', '2'] }, { id: '5W', name: '5W', kind: 'ward', beds: ['1', '2'] },
    { id: 'MICU', name: 'MICU', kind: 'icu', beds: ['1', '2'] }, { id: 'ED', name: 'ED', kind: 'ed', beds: ['1', '2'] },
  ],
};
const place = fc.record({ unit: some('4E', '5W', 'MICU'), bed: some('1', '2') });
const encounter = some('V1', 'V2', 'V3', 'V4').map((v) => ({ encounter: v, patient: { id: v } }));

const lab = fc.record({ order: some('L1', 'L2', 'L3', 'L4', 'L5') }).chain(({ order }) => {
  // An order keeps what tells its scope, or parts would not be parts of one whole.
  const fixed = { order, priority: order < 'L3' ? 'STAT' : 'ROUTINE', test: order === 'L1' ? 'K' : 'Na' };
  return some('order-created', 'specimen-collected', 'result-reported', 'order-cancelled').map((type) => [`lab.${type}`, fixed] as const);
});
const imaging = some('I1', 'I2', 'I3', 'I4').chain((order) => {
  const fixed = { order, modality: order < 'I3' ? 'CT' : 'MR', priority: order === 'I1' ? 'STAT' : 'ROUTINE', setting: order === 'I4' ? 'inpatient' : 'ed' };
  return some('order-created', 'study-started', 'study-completed', 'report-signed', 'order-cancelled').map((type) => [`imaging.${type}`, fixed] as const);
});
const pharmacy = some('R1', 'R2', 'R3').chain((order) => {
  const fixed = { order, pharmacy: order < 'R3' ? 'central' : 'oncology', priority: order === 'R1' ? 'STAT' : 'ROUTINE' };
  return some('order-queued', 'dispensed', 'order-cancelled').map((type) => [`pharmacy.${type}`, fixed] as const);
});
const claim = fc
  .tuple(some('C1', 'C2', 'C3'), some('opened', 'coded', 'billed', 'denied', 'paid', 'reopened', 'invoice-cancelled', 'deleted', 'changed'))
  .map(([id, status]) => ['rcm.claim-status-changed', { claim: id, status, payer: id === 'C1' ? 'ACME' : 'BETA', specialty: id === 'C2' ? 'A' : 'B' }] as const);
const preauth = fc
  .tuple(some('P1', 'P2', 'P3'), some('requested', 'pended', 'approved', 'denied', 'withdrawn'))
  .map(([id, status]) => ['rcm.preauth-status-changed', { preauth: id, status, payer: id === 'P1' ? 'ACME' : 'BETA' }] as const);
const stay = fc.oneof(
  fc.tuple(some('adt.admitted', 'adt.transferred'), encounter, place).map(([type, v, location]) => [type, { ...v, class: 'inpatient', location }] as const),
  fc.tuple(some('adt.discharged', 'ed.triaged', 'ed.roomed', 'ed.provider-assigned', 'ed.admission-decided', 'ed.departed', 'ed.left-without-being-seen'), encounter).map(
    ([type, v]) => [type, { ...v, ...(type.startsWith('ed.') ? { unit: 'ED' } : {}), ...(type === 'ed.triaged' ? { level: 1 + (Number(v.encounter[1]) % 3) } : {}) }] as const),
  encounter.map((v) => ['ed.arrived', { ...v, unit: 'ED' }] as const),
  fc.tuple(some('bed.blocked', 'bed.unblocked', 'bed.cleaning-requested', 'bed.cleaning-completed'), place, some('RN', 'INF')).map(([type, at, reason]) => [type, { ...at, ...(type === 'bed.blocked' ? { reason } : {}) }] as const),
);
const orCase = fc
  .tuple(some('or.patient-in-room', 'or.patient-out-of-room', 'or.case-completed', 'or.case-cancelled', 'or.case-scheduled'), some('X1', 'X2', 'X3', 'X4'), moment)
  .map(([type, id, start]) => [type, { case: id, room: id < 'X3' ? '1' : '2', ...(type === 'or.case-scheduled' ? { scheduledStart: start, scheduledMinutes: 60 } : {}) }] as const);

const told: fc.Arbitrary<Told> = fc.tuple(fc.oneof(lab, imaging, pharmacy, claim, preauth, stay, stay, orCase), moment).map(([[type, data], time]) => [type, time, data]);
/** What need not lie in one part of each scope: denials of claims that nobody else speaks of, ambulances, intensive care. */
const beside: fc.Arbitrary<Told> = fc.tuple(
  fc.oneof(
    fc.tuple(some('C1', 'C2', 'C9'), some('received', 'appealed', 'overturned', 'upheld', 'written-off')).map(([id, status]) => ['rcm.denial-status-changed', { denial: `D${id}`, claim: id, status }] as const),
    fc.tuple(some('ed.ambulance-arrived', 'ed.ambulance-offloaded'), some('M1', 'M2')).map(([type, ambulance]) => [type, { ambulance }] as const),
    fc.tuple(some('icu.admitted', 'icu.transfer-ordered', 'icu.discharged'), encounter).map(([type, v]) => [type, { ...v, unit: 'MICU' }] as const),
    encounter.map((v) => ['ed.ventilator-status-changed', { ...v, unit: 'ED', ventilated: true }] as const),
  ),
  moment,
).map(([[type, data], time]) => [type, time, data]);
const allHouses = fc.array(fc.oneof(told, told, beside), { maxLength: 70, size: 'max' }).map((events) => houseOf(site, events));
const houses = fc.array(told, { maxLength: 70, size: 'max' }).map((events) => houseOf(site, events));
/** Each of many metrics this often. */
const RUNS = { numRuns: 40 };
const cut = fc.nat(3 * 24 * 60).map((minutes) => START + minutes * MINUTE);

const distributions = [...metricDefinitions.values()].filter(({ kind }) => kind === 'distribution').map(({ id }) => id);
/** Each counts events of the window; `rcm.claims_*` count a claim once a window and are no sums. */
const sums = ['census.admissions', 'census.discharges', 'census.transfers_in', 'census.transfers_out', 'or.cases_scheduled', 'or.cases_completed', 'or.cases_cancelled', 'or.overlaps', 'beds.blocked_hours'];
const once = ['rcm.claims_submitted', 'rcm.claims_denied'];

const ask = (house: House, metric: string, from: number, to: number, scope: Scope = {}) => evaluate(house, { metric, scope, at: END, from, to });
const valueOf = (house: House, metric: string, from: number, to: number, scope?: Scope) => {
  const result = ask(house, metric, from, to, scope);
  if (isDistribution(result)) throw new Error(`${metric} is a distribution`);
  return result.value;
};
const samplesOf = (house: House, metric: string, from: number, to: number, scope?: Scope) => ask(house, metric, from, to, scope) as DistributionResult;
/** One unknown part of a sum is a part that has nothing. */
const total = (parts: readonly (number | null)[]) => parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);

describe('a window and its two parts', () => {
  test.each(sums)('%s of the window is the sum over its parts', (metric) => {
    fc.assert(fc.property(houses, cut, (house, middle) => {
      const whole = valueOf(house, metric, START, END);
      const parts = [valueOf(house, metric, START, middle), valueOf(house, metric, middle, END)];
      if (whole === null) expect(parts).toEqual([null, null]);
      else expect(total(parts)).toBeCloseTo(whole, 9);
    }), RUNS);
  });

  test.each(distributions)('%s of the window has the samples of its parts, none of them negative', (metric) => {
    fc.assert(fc.property(houses, cut, (house, middle) => {
      const whole = samplesOf(house, metric, START, END);
      const parts = [samplesOf(house, metric, START, middle), samplesOf(house, metric, middle, END)];
      expect(total(parts.map(({ count }) => count))).toBe(whole.count);
      expect(total(parts.map(({ excluded }) => excluded))).toBe(whole.excluded);
      expect(total(parts.map(({ mean, count }) => (mean ?? 0) * count))).toBeCloseTo((whole.mean ?? 0) * whole.count, 6);
      if (whole.count > 0) expect(Math.max(...parts.map(({ max }) => max ?? -1))).toBe(whole.max);
      expect(whole.mean ?? 0).toBeGreaterThanOrEqual(0);
    }), RUNS);
  });

  test.each(once)('%s counts a claim once, so its parts are at least the whole', (metric) => {
    fc.assert(fc.property(houses, cut, (house, middle) => {
      const whole = valueOf(house, metric, START, END) ?? 0;
      const parts = [valueOf(house, metric, START, middle), valueOf(house, metric, middle, END)].map((part) => part ?? 0);
      expect(total(parts)).toBeGreaterThanOrEqual(whole);
      expect(Math.max(...parts)).toBeLessThanOrEqual(whole);
    }));
  });

  test('a window without bounds holds what one around everything holds', () => {
    fc.assert(fc.property(houses, (house) => {
      for (const [metric, { kind }] of metricDefinitions) {
        if (kind === 'gauge') continue;
        expect(evaluate(house, { metric, scope: {}, at: END }), metric).toEqual(ask(house, metric, START - 1, END + 1));
      }
    }));
  });
});

/** A house that looks at everything it holds, whatever is asked. */
class Unhurried extends House {
  override since<K extends FoldedKind>(kind: K): readonly EntityStates[K][] {
    return [...this.all(kind).values()];
  }
  override entriesSince<K extends FoldedKind>(kind: K): readonly (readonly [string, EntityStates[K]])[] {
    return [...this.all(kind)];
  }
  override some<K extends FoldedKind>(kind: K, _: string, test: (state: EntityStates[K]) => boolean): boolean {
    return [...this.all(kind).values()].some(test);
  }
}

test('every metric says of any window and moment what looking at everything says', () => {
  fc.assert(fc.property(allHouses, cut, cut, cut, (house, at, from, to) => {
    const whole = new Unhurried(house.site);
    for (const kind of FOLDED_KINDS) for (const [id, state] of house.all(kind)) whole.put(kind, id, state as never);
    for (const metric of metricDefinitions.keys()) {
      const request = { metric, scope: {}, at, from, to };
      expect(evaluate(house, request), metric).toEqual(evaluate(whole, request));
    }
  }), { numRuns: 150 });
});

describe('scopes', () => {
  const partitions: [metric: string, key: string, values: string[]][] = [
    ...['lab.pending', 'lab.turnaround', 'lab.order_turnaround'].flatMap((m): [string, string, string[]][] => [[m, 'priority', ['STAT', 'ROUTINE']], [m, 'test', ['K', 'Na']]]),
    ...['imaging.pending', 'imaging.turnaround', 'imaging.order_to_study'].flatMap((m): [string, string, string[]][] => [
      [m, 'modality', ['CT', 'MR']], [m, 'priority', ['STAT', 'ROUTINE']], [m, 'setting', ['ed', 'inpatient']],
    ]),
    ...['pharmacy.backlog', 'pharmacy.turnaround'].flatMap((m): [string, string, string[]][] => [[m, 'pharmacy', ['central', 'oncology']], [m, 'priority', ['STAT', 'ROUTINE']]]),
    ...['rcm.claims_open', 'rcm.claims_submitted', 'rcm.claims_denied', 'rcm.claim_cycle_days'].flatMap((m): [string, string, string[]][] => [[m, 'payer', ['ACME', 'BETA']], [m, 'specialty', ['A', 'B']]]),
    ['rcm.preauth_pending', 'payer', ['ACME', 'BETA']],
    ['rcm.preauth_turnaround_hours', 'payer', ['ACME', 'BETA']],
    ...['census.admissions', 'census.discharges', 'census.transfers_in', 'census.transfers_out', 'census.stranded', 'census.los_days', 'beds.blocked_hours', 'beds.occupied', 'beds.staffed', 'beds.clean_turnaround'].flatMap(
      (m): [string, string, string[]][] => [[m, 'unit', ['4E', '5W', 'MICU']], [m, 'unit_kind', ['ward', 'icu']]]),
    ['beds.blocked_hours', 'reason', ['RN', 'INF']],
    ...['or.cases_scheduled', 'or.cases_completed', 'or.cases_cancelled', 'or.overlaps', 'or.turnover', 'or.case_delay', 'or.overrun'].map((m): [string, string, string[]] => [m, 'room', ['1', '2']]),
    ['ed.census', 'ed', ['ED']],
  ];

  test.each(partitions)('%s by %s: the parts make the whole', (metric, key, scopeValues) => {
    fc.assert(fc.property(houses, (house) => {
      if (metricDefinitions.get(metric)!.kind === 'distribution') {
        const whole = samplesOf(house, metric, START, END);
        const parts = scopeValues.map((value) => samplesOf(house, metric, START, END, { [key]: value }));
        expect(total(parts.map(({ count }) => count))).toBe(whole.count);
        expect(total(parts.map(({ excluded }) => excluded))).toBe(whole.excluded);
      } else {
        const parts = scopeValues.map((value) => valueOf(house, metric, START, END, { [key]: value }));
        expect(total(parts)).toBeCloseTo(valueOf(house, metric, START, END) ?? 0, 9);
      }
    }), RUNS);
  });

  test('door to provider by triage level leaves out those without one, and nobody else', () => {
    fc.assert(fc.property(houses, (house) => {
      const byLevel = ['1', '2', '3'].map((level) => samplesOf(house, 'ed.door_to_provider', START, END, { level }).count);
      const without = [...house.all('encounter').values()].filter(({ ed }) => ed?.level === undefined && ed?.arrivedAt !== undefined && ed.providerAt !== undefined && ed.providerAt >= ed.arrivedAt).length;
      expect(total(byLevel) + without).toBe(samplesOf(house, 'ed.door_to_provider', START, END).count);
    }));
  });
});

describe('durations', () => {
  test('are samples when they end in the window, and excluded when they are negative', () => {
    const pair = fc.tuple(fc.nat(100), fc.nat(100));
    fc.assert(fc.property(fc.array(pair), (pairs) => {
      const durations = new Durations({ from: 20, to: 80 }, 1);
      const taken = pairs.map(([start, end]) => durations.add(start, end));
      const ending = pairs.filter(([, end]) => end >= 20 && end < 80);
      const { samples, excluded } = durations.done();
      expect(samples).toEqual(ending.filter(([start, end]) => end >= start).map(([start, end]) => end - start));
      expect(excluded).toBe(ending.length - samples.length);
      expect(taken.filter(Boolean)).toHaveLength(samples.length);
    }));
  });
});

describe('percentiles', () => {
  /** The line through the points (i / (n - 1), x_i), read at `p`: what type 7 is by definition, found by walking along it. */
  function onTheLine(ascending: readonly number[], p: number): number {
    const last = ascending.length - 1;
    for (let i = 0; i < last; i++) {
      const [low, high] = [i / last, (i + 1) / last];
      if (p >= low && p <= high) return (ascending[i]! * (high - p) + ascending[i + 1]! * (p - low)) / (high - low);
    }
    return ascending[last]!;
  }
  test('are those of an independent computation of type 7', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 50 }), fc.double({ min: 0, max: 1, noNaN: true }), (numbers, p) => {
      const ascending = numbers.toSorted((a, b) => a - b);
      expect(percentile(ascending, p)).toBeCloseTo(onTheLine(ascending, p), 6);
    }));
  });
});
