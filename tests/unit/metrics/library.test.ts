import { describe, expect, test } from 'vitest';
import type { MetricDefinition } from '#shared/metrics/definition.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { isDistribution, type Scope } from '#shared/metrics/result.ts';
import { severity, thresholdsFor } from '#shared/metrics/severity.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import { MetricError } from '#core/metrics/errors.ts';
import { houseOf } from './house-of.ts';

const house = houseOf({}, []);
const ask = (metric: string, scope: Scope = {}) => evaluate(house, { metric, scope, at: 0 });
const definition = (id: string): MetricDefinition => metricDefinitions.get(id)!;

/** What a hospital's command centre has to know; practice, alerts and alarms are told by areas of their own. */
const HOSPITAL = `
  beds.staffed beds.occupied beds.available beds.dirty beds.blocked beds.reserved beds.occupancy_rate beds.occupancy_after_decisions beds.clean_turnaround beds.blocked_hours
  census.admissions census.discharges census.transfers_in census.transfers_out census.los_days census.stranded census.discharged_before_noon_rate unit.acuity_index
  ed.census ed.waiting ed.in_treatment ed.boarders ed.registration_to_triage ed.door_to_provider ed.boarding_time ed.length_of_stay ed.lwbs_rate ed.occupancy_rate
  ed.return_rate_72h ed.nedocs ed.edwin ed.crowding_index ed.ambulance_offload icu.occupancy_rate icu.ventilated icu.step_down_ready icu.transfer_delay
  or.first_case_on_time_rate or.first_case_delay or.case_delay or.turnover or.utilisation or.overrun or.predicted_end or.cases_scheduled or.cases_completed or.cases_cancelled or.overlaps
  lab.pending lab.overdue lab.turnaround lab.order_turnaround imaging.pending imaging.turnaround imaging.order_to_study pharmacy.backlog pharmacy.turnaround
  rcm.preauth_pending rcm.preauth_turnaround_hours rcm.claims_open rcm.claims_submitted rcm.claims_denied rcm.initial_denial_rate rcm.clean_claim_rate rcm.claim_cycle_days
  rcm.dnfb_days rcm.ar_days rcm.ar_aging unit.performance_score data.age_seconds data.lag_seconds data.dead_letters`.trim().split(/\s+/);

test('the library holds every metric of a hospital', () => {
  expect(HOSPITAL.filter((id) => !metricDefinitions.has(id))).toEqual([]);
});

describe('every metric', () => {
  test.each([...metricDefinitions.keys()])('%s is answered in its own form, and unknown in an empty house', (id) => {
    const answer = ask(id);
    expect(isDistribution(answer)).toBe(definition(id).kind === 'distribution');
    expect(answer).toMatchObject(isDistribution(answer) ? { metric: id, count: 0, excluded: 0, mean: null, p50: null, p90: null, max: null, within: null } : { metric: id, value: null });
    expect(answer.reason).toBeTruthy();
  });

  test.each([...metricDefinitions.keys()])('%s takes the scopes that it names', (id) => {
    for (const key of definition(id).scopes) expect(ask(id, { [key]: key === 'unit_kind' ? 'icu' : 'x' }).scope).toHaveProperty(key);
  });

  test.each([...metricDefinitions.values()].filter((d) => d.kind === 'distribution' && d.short !== undefined).map((d) => [d.id, d] as const))('%s, a duration that tiles shorten, names start and end in short words', (_, d) => {
    expect(d.detail).toBeTruthy();
  });

  test('utilisation says on its tile which definition it is of', () => {
    expect(definition('or.utilisation').detail).toBe('in-room + turnover');
  });

  test.each([...metricDefinitions.values()].map((d) => [d.id, d] as const))('%s has thresholds on the right side of each other', (_, d) => {
    for (const { warn, crit } of [d, ...Object.values(d.byScope ?? {})]) {
      if (warn !== undefined && crit !== undefined) expect(d.direction === 'low' ? warn > crit : warn < crit).toBe(true);
    }
    if (d.direction === 'none') expect([d.warn, d.crit, d.byScope]).toEqual([undefined, undefined, undefined]);
  });
});

describe('a question that cannot be taken', () => {
  const refusal = (metric: string, scope?: Scope) => {
    try {
      ask(metric, scope);
    } catch (error) {
      if (error instanceof MetricError) return error;
      throw error;
    }
    throw new Error('taken');
  };

  test('names what is unknown and what exists', () => {
    expect(refusal('ed.los')).toMatchObject({ path: 'metric', message: expect.stringContaining('ed.length_of_stay') });
    expect(refusal('lab.turnaround', { unit: '4E' })).toMatchObject({ path: 'scope.unit', message: 'lab.turnaround has no scope unit; it takes priority, test' });
    expect(refusal('rcm.dnfb_days', { payer: 'A' }).message).toMatch(/takes none/);
    expect(refusal('census.admissions', { unit_kind: 'wards' })).toMatchObject({ path: 'scope.unit_kind', message: expect.stringContaining('step_down') });
  });

  test('is not taken for a property of an object', () => {
    expect(refusal('constructor').path).toBe('metric');
    expect(refusal('lab.turnaround', { toString: 'x' }).path).toBe('scope.toString');
  });
});

describe('thresholds', () => {
  const site = siteConfigSchema.parse({
    units: [{ id: 'MICU', name: 'ICU', kind: 'icu' }, { id: '4E', name: 'Ward', kind: 'ward' }],
  });
  const limits = (id: string, scope: Scope, thresholds = {}) => {
    const { warn, crit } = thresholdsFor(definition(id), scope, { ...site, thresholds });
    return [warn, crit];
  };

  test('depend on the kind of the unit', () => {
    expect([limits('beds.occupancy_rate', {}), limits('beds.occupancy_rate', { unit: '4E' }), limits('beds.occupancy_rate', { unit: 'MICU' }), limits('beds.occupancy_rate', { unit_kind: 'icu' })]).toEqual([
      [0.92, 0.97], [0.92, 0.97], [0.9, 0.97], [0.9, 0.97],
    ]);
    expect(thresholdsFor(definition('beds.occupancy_rate'), { unit: 'MICU' }, site).normal).toEqual([null, 0.75]);
  });

  test('depend on the priority, however it is written', () => {
    expect([limits('lab.turnaround', { priority: 'STAT' }), limits('lab.turnaround', { priority: 'Routine' }), limits('lab.turnaround', { priority: 'unspecified' }), limits('lab.turnaround', {})]).toEqual([
      [60, 90], [240, 480], [null, null], [null, null],
    ]);
    expect(limits('imaging.turnaround', { modality: 'CT', setting: 'ed' })).toEqual([60, 120]);
    expect(limits('imaging.turnaround', { modality: 'DX', setting: 'inpatient' })).toEqual([1440, null]);
    expect(limits('imaging.turnaround', { modality: 'CT' })).toEqual([null, null]);
  });

  test('are overridden by the site, the more specific first', () => {
    const general = { 'beds.occupancy_rate': { warn: 0.8 } };
    expect(limits('beds.occupancy_rate', { unit: '4E' }, general)).toEqual([0.8, 0.97]);
    expect(limits('beds.occupancy_rate', { unit: 'MICU' }, general)).toEqual([0.9, 0.97]);
    expect(limits('beds.occupancy_rate', { unit: 'MICU' }, { ...general, 'beds.occupancy_rate@icu': { warn: 0.7, crit: 0.8 } })).toEqual([0.7, 0.8]);
    expect(limits('lab.turnaround', { priority: 'STAT' }, { 'lab.turnaround@STAT': { warn: 45 } })).toEqual([45, 90]);
  });

  test('a target moved below the normal range takes the range along', () => {
    const moved = { ...site, thresholds: { 'beds.occupancy_rate': { warn: 0.8 } } };
    expect(thresholdsFor(definition('beds.occupancy_rate'), {}, moved).normal).toEqual([null, 0.8]);
  });

  test.each([
    ['beds.occupancy_rate', [0.91, 0.92, 0.97], ['normal', 'warn', 'crit']],
    ['ed.nedocs', [100.9, 101, 141], ['normal', 'warn', 'crit']],
    ['ed.boarding_time', [240, 240.1, 480, 481], ['normal', 'warn', 'warn', 'crit']],
    ['or.first_case_on_time_rate', [0.8, 0.79, 0.69], ['normal', 'warn', 'crit']],
    ['or.utilisation', [0.74, 0.75, 0.85, 0.86], ['warn', 'normal', 'normal', 'warn']],
    ['census.admissions', [1e9], ['normal']],
  ] as const)('severity of %s at %j', (id, values, expected) => {
    expect(values.map((v) => severity(definition(id), {}, v, site))).toEqual(expected);
  });

  test.each([
    ['lab.pending', {}, [11, 12, 13], ['normal', 'warn', 'warn']],
    ['beds.dirty', { unit: '4E' }, [2, 3], ['normal', 'warn']],
    ['beds.dirty', {}, [3, 99], ['normal', 'normal']],
    ['beds.dirty', { unit: 'MICU' }, [3], ['normal']],
    ['lab.pending', { priority: 'STAT' }, [12], ['normal']],
    ['ed.boarders', {}, [5, 6, 8], ['normal', 'warn', 'crit']],
  ] as const)('a limit for a stage of flow warns of %s of %j at the limit, in its own scope alone, beside thresholds', (id, scope, values, expected) => {
    const limited = {
      ...site, thresholds: { 'ed.boarders': { warn: 7, crit: 8 } },
      wipLimits: [{ stage: 'lab-orders-pending', limit: 12 }, { stage: 'beds-to-clean', unit: '4E', limit: 3 }, { stage: 'boarding', limit: 6 }] as const,
    };
    expect(values.map((v) => severity(definition(id), scope, v, { ...limited, wipLimits: [...limited.wipLimits] }))).toEqual(expected);
  });

  test('what is unknown is not bad', () => {
    expect(severity(definition('or.first_case_on_time_rate'), {}, null, site)).toBe('normal');
  });
});
