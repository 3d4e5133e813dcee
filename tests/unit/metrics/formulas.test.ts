import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { computeFormula, formulaMetrics } from '#core/metrics/compute-formula.ts';
import { MetricError } from '#core/metrics/errors.ts';
import { nedocsBand } from '#core/metrics/formulas/nedocs.ts';

interface Worked {
  id: string;
  ed_beds: number;
  hospital_beds: number;
  ed_patients: number;
  ventilators: number;
  ed_admits: number;
  longest_admit_h: number;
  last_roomed_wait_h: number;
  expected_score: number;
  expected_band: string;
  standard_formula_clamped_0_200: number;
}
const worked = JSON.parse(readFileSync(new URL('../../fixtures/nedocs/cases.json', import.meta.url), 'utf8')) as Worked[];
const nedocsInput = (c: Worked) => ({
  edPatients: c.ed_patients,
  edBeds: c.ed_beds,
  hospitalBeds: c.hospital_beds,
  boarders: c.ed_admits,
  ventilated: c.ventilators,
  longestBoarderWaitHours: c.longest_admit_h,
  lastRoomedWaitHours: c.last_roomed_wait_h,
});

const value = (metric: string, input: unknown) => {
  const result = computeFormula(metric, input);
  if (!('value' in result)) throw new Error(`${metric} is no single value`);
  return result.value;
};

/** The error of a refused input. */
function refusal(metric: string, input: unknown): MetricError {
  try {
    computeFormula(metric, input);
  } catch (error) {
    if (error instanceof MetricError) return error;
    throw error;
  }
  throw new Error(`${metric} took the input`);
}

describe('ed.nedocs', () => {
  test.each(worked.map((c) => [c.id, c] as const))('worked case %s', (_, c) => {
    const result = computeFormula('ed.nedocs', nedocsInput(c));
    expect(Math.abs(value('ed.nedocs', nedocsInput(c))! - c.expected_score)).toBeLessThanOrEqual(2.1);
    expect(value('ed.nedocs', nedocsInput(c))).toBeCloseTo(c.standard_formula_clamped_0_200, 2);
    expect(result.band).toBe(c.expected_band.toLowerCase());
  });

  test('is held to 200', () => {
    const full = { edPatients: 90, edBeds: 20, hospitalBeds: 100, boarders: 40, ventilated: 4, longestBoarderWaitHours: 30, lastRoomedWaitHours: 6 };
    expect(computeFormula('ed.nedocs', full)).toEqual({ metric: 'ed.nedocs', scope: {}, value: 200, band: 'dangerously overcrowded' });
  });

  test('a band ends with its upper edge', () => {
    expect([0, 20, 20.1, 60, 60.1, 100, 100.1, 140, 140.1, 180, 180.1, 200].map(nedocsBand)).toEqual([
      'not busy', 'not busy', 'busy', 'busy', 'extremely busy but not overcrowded', 'extremely busy but not overcrowded', 'overcrowded', 'overcrowded',
      'severely overcrowded', 'severely overcrowded', 'dangerously overcrowded', 'dangerously overcrowded',
    ]);
  });

  test('names the field that is wrong', () => {
    const missing: Record<string, unknown> = nedocsInput(worked[0]!);
    delete missing.hospitalBeds;
    expect(refusal('ed.nedocs', missing).path).toBe('input.hospitalBeds');
    expect(refusal('ed.nedocs', { ...nedocsInput(worked[0]!), edBeds: 0 }).path).toBe('input.edBeds');
    expect(refusal('ed.nedocs', { ...nedocsInput(worked[0]!), edBeds: 'many' }).message).toMatch(/edBeds.*number/);
    expect(refusal('ed.nedocs', { ...nedocsInput(worked[0]!), edbeds: 3 }).message).toMatch(/edbeds/);
    expect(refusal('ed.nedocs', null).path).toBe('input');
  });
});

describe('ed.edwin', () => {
  // No worked example is published; Bernstein 2003 defines sum(n_i t_i) / (N_a (B_T - B_A)) with t_i = 5 for ESI 1, so
  // 1 of ESI 1, 4 of 2, 10 of 3, 4 of 4, 1 of 5 weigh 5 + 16 + 30 + 8 + 1 = 60, over 2 attendings and 20 - 5 bays: 2.
  const triage = [[1, 1], [2, 4], [3, 10], [4, 4], [5, 1]].map(([level, patients]) => ({ level, patients }));
  const staffing = { attendings: 2, treatmentBays: 20, boarders: 5 };

  test('weighs the sickest with 5', () => {
    expect(computeFormula('ed.edwin', { triage, ...staffing })).toEqual({ metric: 'ed.edwin', scope: {}, value: 2, band: 'busy' });
    expect(value('ed.edwin', { patientsByLevel: [1, 4, 10, 4, 1], ...staffing })).toBe(2);
    expect(value('ed.edwin', { patientsByLevel: [10, 0, 0, 0, 0], ...staffing })).toBeCloseTo(50 / 30, 10);
    expect(value('ed.edwin', { patientsByLevel: [0, 0, 0, 0, 10], ...staffing })).toBeCloseTo(10 / 30, 10);
  });

  test('reads the bands of the paper', () => {
    const band = (attendings: number) => computeFormula('ed.edwin', { triage, ...staffing, attendings }).band;
    expect([1, 2, 3].map(band)).toEqual(['crowded', 'busy', 'active but manageable']);
  });

  test.each([
    ['no attending', { attendings: 0 }],
    ['boarders in every bay', { boarders: 20 }],
    ['more boarders than bays', { boarders: 21 }],
  ])('is unknown with %s', (_, odd) => {
    expect(computeFormula('ed.edwin', { triage, ...staffing, ...odd })).toMatchObject({ value: null, reason: expect.stringContaining('boarders') });
  });

  test('names a triage level that does not exist', () => {
    expect(refusal('ed.edwin', { triage: [{ level: 6, patients: 1 }], ...staffing }).path).toBe('input.triage.0.level');
  });
});

describe('shares and days', () => {
  test.each([
    ['beds.occupancy_rate', { occupied: 23, staffed: 25 }, 0.92],
    ['icu.occupancy_rate', { numerator: 9, denominator: 10 }, 0.9],
    ['ed.occupancy_rate', { edPatients: 24, treatmentSpaces: 20 }, 1.2],
    ['ed.lwbs_rate', { leftWithoutBeingSeen: 3, arrivals: 60 }, 0.05],
    ['ed.return_rate_72h', { returned: 1, arrivals: 8 }, 0.125],
    ['ed.crowding_index', nedocsInput(worked[1]!), 0.4971],
    // 90 - 6 - 2 + 3 + 5 = 90 of 100
    ['beds.occupancy_after_decisions', { occupied: 90, pendingDischarges: 6, pendingTransfersOut: 2, pendingTransfersIn: 3, assignedAdmissions: 5, staffed: 100 }, 0.9],
    ['unit.acuity_index', { acuities: [1, 2, 4] }, 7 / 3],
    ['beds.blocked_hours', { blocks: [{ start: '2026-01-10T08:00:00Z', end: '2026-01-10T09:30:00Z' }, { start: '2026-01-10T08:00:00+01:00', end: '2026-01-10T08:00:00Z' }] }, 2.5],
    ['census.discharged_before_noon_rate', { dischargedBeforeNoon: 5, discharges: 20 }, 0.25],
    ['or.utilisation', { inRoomMinutes: 390, turnoverMinutes: 60, primeTimeMinutes: 600 }, 0.75],
    ['or.first_case_on_time_rate', { onTime: 7, roomDays: 10 }, 0.7],
    ['rcm.initial_denial_rate', { deniedAtFirstDecision: 12, firstDecided: 150 }, 0.08],
    ['rcm.clean_claim_rate', { cleanClaims: 1900, billedClaims: 2000 }, 0.95],
    // HFMA MAP Key FM-4: gross dollars in A/R not final billed over average daily gross revenue: 12.6 M over 2.1 M a day.
    ['rcm.dnfb_days', { dischargedNotFinalBilledGross: 12_600_000, averageDailyGrossRevenue: 2_100_000 }, 6],
    // HFMA MAP Key FM-1: net A/R over average daily net patient service revenue: 45 M over 82.125 M in 91.25 days.
    ['rcm.ar_days', { netAr: 45_000_000, averageDailyNetRevenue: 900_000 }, 50],
    ['rcm.ar_aging', { buckets: [100, 50, 20, 10, 5] }, 185],
    ['data.age_seconds', { now: '2026-01-10T08:00:30Z', newestEvent: '2026-01-10T08:00:00Z' }, 30],
    ['data.lag_seconds', { received: '2026-01-10T08:00:01.500Z', eventTime: '2026-01-10T08:00:00Z' }, 1.5],
  ])('%s of %j', (metric, input, expected) => {
    expect(value(metric, input)).toBeCloseTo(expected, 10);
  });

  test('are unknown, not 0, over nothing', () => {
    for (const metric of ['beds.occupancy_rate', 'ed.lwbs_rate', 'rcm.clean_claim_rate']) {
      expect(computeFormula(metric, { numerator: 0, denominator: 0 })).toMatchObject({ value: null, reason: expect.any(String) });
    }
    expect(value('rcm.ar_days', { netAr: 5, averageDailyNetRevenue: 0 })).toBeNull();
    expect(value('unit.acuity_index', { acuities: [] })).toBeNull();
  });

  test('refuse a negative count by its name', () => {
    expect(refusal('beds.occupancy_rate', { occupied: -1, staffed: 4 }).path).toBe('input.occupied');
  });
});

describe('durations', () => {
  test('take samples and exclude negative ones', () => {
    expect(computeFormula('ed.door_to_provider', { samples: [10, 30, 50, -4] })).toEqual({
      metric: 'ed.door_to_provider', scope: {}, count: 3, excluded: 1, mean: 30, p50: 30, p90: 46, max: 50, within: 2 / 3,
    });
  });

  test('take pairs of times in any offset, in the unit of the metric', () => {
    const pair = (start: string, end: string) => ({ pairs: [{ start, end }] });
    expect(computeFormula('lab.turnaround', pair('2026-01-10T08:00:00Z', '2026-01-10T09:30:00Z'))).toMatchObject({ count: 1, max: 90 });
    expect(computeFormula('rcm.preauth_turnaround_hours', pair('2026-01-10T08:00:00Z', '2026-01-12T08:00:00Z'))).toMatchObject({ max: 48 });
    expect(computeFormula('census.los_days', pair('2026-01-10T08:00:00+02:00', '2026-01-13T18:00:00Z'))).toMatchObject({ max: 3.5 });
    expect(computeFormula('lab.turnaround', pair('2026-01-10T09:00:00Z', '2026-01-10T08:00:00Z'))).toMatchObject({ count: 0, excluded: 1, p50: null, reason: 'every duration is negative' });
  });

  test('take their target from the scope', () => {
    const within = (scope?: object) => computeFormula('lab.turnaround', { samples: [50, 70, 300], ...(scope ? { scope } : {}) });
    expect(within({ priority: 'STAT' })).toMatchObject({ within: 1 / 3 });
    expect(within({ priority: 'routine' })).toMatchObject({ within: 2 / 3 });
    expect(within()).toMatchObject({ within: null });
  });

  test('name a time that is none', () => {
    expect(refusal('ed.boarding_time', { pairs: [{ start: '2026-01-10T08:00:00Z', end: 'noon' }] }).path).toBe('input.pairs.0.end');
  });
});

describe('operating room cases', () => {
  const at = (hhmm: string, day = 10) => `2026-01-${day}T${hhmm}:00Z`;
  const cases = [
    { room: '1', inRoom: at('07:30'), outOfRoom: at('09:00') },
    { room: '1', inRoom: at('09:25'), outOfRoom: at('10:00') },
    { room: '1', inRoom: at('12:00'), outOfRoom: at('13:00') },
    { room: '1', inRoom: at('15:01'), outOfRoom: at('16:00') },
    { room: '1', inRoom: at('15:59'), outOfRoom: at('16:30') },
    { room: '2', inRoom: at('08:00'), outOfRoom: at('09:00') },
    { room: '1', inRoom: at('07:30', 11), outOfRoom: at('09:00', 11) },
  ];

  test('or.turnover: gaps of one room and day; over 120 min excluded, overlaps neither', () => {
    expect(computeFormula('or.turnover', { cases })).toEqual({
      metric: 'or.turnover', scope: {}, count: 2, excluded: 1, mean: 72.5, p50: 72.5, p90: 110.5, max: 120, within: 0.5,
    });
    expect(value('or.overlaps', { cases })).toBe(1);
  });

  test('or.turnover still takes samples', () => {
    expect(computeFormula('or.turnover', { samples: [20, 40] })).toMatchObject({ count: 2, mean: 30 });
  });

  test('or.first_case_on_time_rate: the earliest scheduled case of room and day, with 5 min of grace', () => {
    const rows = [
      { room: '1', scheduledStart: at('07:30'), inRoom: at('07:35') },
      { room: '1', scheduledStart: at('09:30'), inRoom: at('12:00') },
      { room: '2', scheduledStart: at('07:30'), inRoom: '2026-01-10T07:35:01Z' },
      { room: '3', scheduledStart: at('07:30') },
      { room: '1', scheduledStart: at('07:30', 11), inRoom: at('07:00', 11) },
    ];
    expect(value('or.first_case_on_time_rate', { cases: rows })).toBe(0.5);
    expect(computeFormula('or.first_case_delay', { cases: rows })).toMatchObject({ count: 2, excluded: 1, max: 5 + 1 / 60 });
    expect(computeFormula('or.case_delay', { cases: rows })).toMatchObject({ count: 3, excluded: 1, max: 150 });
    expect(value('or.first_case_on_time_rate', { onTime: 1, roomDays: 4 })).toBe(0.25);
  });

  test('tell the day by the zone', () => {
    // 23:30 and 00:15 UTC are one evening in New York and two days in UTC.
    const late = [
      { room: '1', inRoom: at('22:00'), outOfRoom: at('23:45') },
      { room: '1', inRoom: at('00:15', 11), outOfRoom: at('01:00', 11) },
    ];
    expect(computeFormula('or.turnover', { cases: late, timezone: 'America/New_York' })).toMatchObject({ count: 1, max: 30 });
    expect(computeFormula('or.turnover', { cases: late })).toMatchObject({ count: 0 });
    expect(refusal('or.turnover', { cases: late, timezone: 'Mars/Base' }).path).toBe('site.timezone');
  });

  test('name the field that is wrong', () => {
    expect(refusal('or.turnover', { cases: [{ room: '1', inRoom: 'x' }] }).path).toBe('input.cases.0.inRoom');
    expect(refusal('or.overlaps', {}).path).toBe('input.cases');
  });
});

describe('the table of formulas', () => {
  test('refuses an unknown metric and a mere count, and says what exists', () => {
    expect(refusal('ed.nedoc', {}).message).toMatch(/unknown metric ed\.nedoc.*ed\.nedocs/);
    expect(refusal('census.admissions', {}).message).toMatch(/counted from events.*ed\.nedocs/);
  });

  test('has one for every distribution and rate', () => {
    const has = new Set(formulaMetrics());
    for (const { id, kind } of metricDefinitions.values()) if (kind === 'distribution' || kind === 'rate') expect(has, id).toContain(id);
  });
});
