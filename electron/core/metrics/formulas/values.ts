import { z } from 'zod';
import { edwin, edwinBand } from './edwin.ts';
import { amount, fields, nonNegative, parseInput, patients, positive, time } from './input.ts';
import { nedocs, nedocsBand } from './nedocs.ts';
import { arDays, bedsAfterDecisions, dnfbDays, mean, ratio, weightedShare } from './ratios.ts';

export interface FormulaValue {
  readonly value: number | null;
  readonly reason?: string;
  /** The published band that a score lies in. */
  readonly band?: string;
}
export type ValueFormula = (input: unknown) => FormulaValue;

const DIVISOR_ZERO = 'there is nothing to divide by';
const orUnknown = (value: number | null, reason = DIVISOR_ZERO): FormulaValue => (value === null ? { value, reason } : { value });

function formula<S extends z.ZodType>(schema: S, of: (input: z.output<S>) => FormulaValue): ValueFormula {
  return (input) => of(parseInput(schema, input));
}

/** A share of two numbers, by their own names or as numerator and denominator. */
function rate<N extends string, D extends string>(numerator: N, denominator: D): ValueFormula {
  const generic = fields({ numerator: nonNegative(), denominator: nonNegative() });
  const named = fields({ [numerator]: nonNegative(), [denominator]: nonNegative() });
  return formula(z.union([named, generic]), (input) => {
    const given = input as Record<string, number>;
    return orUnknown(ratio(given[numerator] ?? given.numerator!, given[denominator] ?? given.denominator!));
  });
}

const nedocsInput = fields({
  edPatients: nonNegative(),
  edBeds: positive(),
  hospitalBeds: positive(),
  boarders: nonNegative(),
  ventilated: nonNegative(),
  longestBoarderWaitHours: nonNegative(),
  lastRoomedWaitHours: nonNegative(),
});

const staffing = { attendings: nonNegative(), treatmentBays: nonNegative(), boarders: nonNegative() };
const edwinInput = z.union([
  fields({ triage: z.array(fields({ level: z.int().min(1).max(5), patients: patients() })), ...staffing }),
  fields({ patientsByLevel: z.array(patients()).length(5), ...staffing }),
]);

const HOUR = 3_600_000;

/** Formulas of metrics that are one value. Times are RFC 3339, waits in hours, shares 0-1. */
export const valueFormulas: Readonly<Record<string, ValueFormula>> = {
  'ed.nedocs': formula(nedocsInput, (input) => {
    const value = nedocs(input);
    return { value, band: nedocsBand(value) };
  }),
  'ed.edwin': formula(edwinInput, (input) => {
    const patientsByLevel = 'triage' in input ? [0, 0, 0, 0, 0] : input.patientsByLevel;
    if ('triage' in input) for (const row of input.triage) patientsByLevel[row.level - 1]! += row.patients;
    const value = edwin({ ...input, patientsByLevel });
    return value === null ? orUnknown(value, 'no attending physician, or boarders take every treatment space') : { value, band: edwinBand(value) };
  }),
  'ed.crowding_index': formula(nedocsInput, (input) => ({ value: nedocs(input) / 200 })),
  'ed.occupancy_rate': rate('edPatients', 'treatmentSpaces'),
  'ed.lwbs_rate': rate('leftWithoutBeingSeen', 'arrivals'),
  'ed.return_rate_72h': rate('returned', 'arrivals'),
  'beds.occupancy_rate': rate('occupied', 'staffed'),
  'icu.occupancy_rate': rate('occupied', 'staffed'),
  'beds.occupancy_after_decisions': formula(
    fields({
      occupied: nonNegative(),
      pendingDischarges: nonNegative(),
      pendingTransfersOut: nonNegative(),
      pendingTransfersIn: nonNegative(),
      assignedAdmissions: nonNegative(),
      staffed: nonNegative(),
    }),
    (input) => orUnknown(ratio(bedsAfterDecisions(input), input.staffed)),
  ),
  'beds.blocked_hours': formula(fields({ blocks: z.array(fields({ start: time(), end: time() })) }), ({ blocks }) => ({
    value: blocks.reduce((sum, { start, end }) => sum + Math.max(0, end - start) / HOUR, 0),
  })),
  'unit.acuity_index': formula(fields({ acuities: z.array(z.number().min(1).max(4)) }), ({ acuities }) => orUnknown(mean(acuities), 'no acuity is known')),
  'unit.performance_score': formula(
    fields({ parts: z.array(fields({ weight: nonNegative(), share: z.number().min(0).max(1).nullable() })) }),
    ({ parts }) => orUnknown(weightedShare(parts), 'no part of the score is known'),
  ),
  'census.discharged_before_noon_rate': rate('dischargedBeforeNoon', 'discharges'),
  'or.utilisation': formula(
    z.union([
      fields({ inRoomMinutes: nonNegative(), turnoverMinutes: nonNegative(), primeTimeMinutes: nonNegative() }),
      fields({ numerator: nonNegative(), denominator: nonNegative() }),
    ]),
    (input) =>
      orUnknown('numerator' in input ? ratio(input.numerator, input.denominator) : ratio(input.inRoomMinutes + input.turnoverMinutes, input.primeTimeMinutes)),
  ),
  'or.first_case_on_time_rate': rate('onTime', 'roomDays'),
  'rcm.initial_denial_rate': rate('deniedAtFirstDecision', 'firstDecided'),
  'rcm.clean_claim_rate': rate('cleanClaims', 'billedClaims'),
  'rcm.dnfb_days': formula(fields({ dischargedNotFinalBilledGross: amount(), averageDailyGrossRevenue: nonNegative() }), (i) =>
    orUnknown(dnfbDays(i.dischargedNotFinalBilledGross, i.averageDailyGrossRevenue)),
  ),
  'rcm.ar_days': formula(fields({ netAr: amount(), averageDailyNetRevenue: nonNegative() }), (i) => orUnknown(arDays(i.netAr, i.averageDailyNetRevenue))),
  'rcm.ar_aging': formula(fields({ buckets: z.array(amount()).length(5) }), ({ buckets }) => ({ value: buckets.reduce((a, b) => a + b, 0) })),
  'data.age_seconds': formula(fields({ now: time(), newestEvent: time() }), ({ now, newestEvent }) => ({ value: (now - newestEvent) / 1000 })),
  'data.lag_seconds': formula(fields({ received: time(), eventTime: time() }), ({ received, eventTime }) => ({ value: (received - eventTime) / 1000 })),
};
