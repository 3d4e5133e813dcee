import { describe, expect, test } from 'vitest';
import type { ValueResult } from '#shared/metrics/result.ts';
import type { UnitConfig } from '#shared/site.ts';
import { computeFormula } from '#core/metrics/compute-formula.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import { at, houseOf, reason, type Told } from './house-of.ts';

const units: UnitConfig[] = [
  { id: '4E', name: '4 East', kind: 'ward', beds: ['1', '2', '3', '4'] },
  { id: 'ED', name: 'Emergency', kind: 'ed', beds: ['A'] },
];
const admit = (v: string, bed: string): Told => ['adt.admitted', '07:00', { encounter: v, patient: { id: v }, class: 'inpatient', location: { unit: '4E', bed } }];
const told: Told[] = [
  admit('a', '1'), admit('b', '2'), admit('c', '3'), admit('d', '4'),
  ['adt.discharged', '10:00', { encounter: 'd' }],
  ['bed.cleaning-requested', '10:00', { unit: '4E', bed: '4' }],
  ['bed.cleaning-completed', '10:40', { unit: '4E', bed: '4' }],
  ['bed.cleaning-requested', '11:00', { unit: '4E', bed: '4' }],
  ['bed.cleaning-completed', '12:30', { unit: '4E', bed: '4' }],
  ['ed.arrived', '08:00', { encounter: 'v', patient: { id: 'v' }, unit: 'ED' }],
  ['ed.provider-assigned', '08:20', { encounter: 'v' }],
];
const score = (performanceWeights: Record<string, number>, scope: Record<string, string> = { unit: '4E' }) =>
  evaluate(houseOf({ units, performanceWeights }, told), { metric: 'unit.performance_score', scope, at: at('13:00'), from: at('00:00'), to: at('13:00') }) as ValueResult;

describe('unit.performance_score', () => {
  test('is the weighted share of parts within normal, and shows them', () => {
    // Occupancy 3 of 4 = .75 is normal (up to .85): 1. One of two cleanings within 60 min: .5. (3 * 1 + 1 * .5) / 4.
    expect(score({ 'beds.occupancy_rate': 3, 'beds.clean_turnaround': 1 })).toEqual({
      metric: 'unit.performance_score', scope: { unit: '4E' }, value: 0.875,
      parts: [
        { metric: 'beds.occupancy_rate', weight: 3, value: 0.75, share: 1 },
        { metric: 'beds.clean_turnaround', weight: 1, value: 85, share: 0.5 },
      ],
    });
  });

  test('a part that is unknown does not count and says why', () => {
    const { value, parts } = score({ 'beds.clean_turnaround': 1, 'unit.acuity_index': 5, 'icu.transfer_delay': 2, 'ed.door_to_provider': 1, 'no.such': 1, 'unit.performance_score': 1 });
    expect(value).toBe(0.5);
    expect(parts!.map(({ share, reason: why }) => [share, why === undefined])).toEqual([[0.5, true], [null, false], [null, false], [null, false], [null, false], [null, false]]);
    expect(score({ 'unit.acuity_index': 1 })).toMatchObject({ value: null, reason: 'no part of the score is known' });
  });

  test('an emergency department is asked by its own scope', () => {
    expect(score({ 'ed.door_to_provider': 2, 'beds.clean_turnaround': 9 }, { unit: 'ED' })).toMatchObject({ value: 1, parts: [{ share: 1, value: 20 }, { share: null }] });
  });

  test('needs a unit and weights', () => {
    expect(score({ 'beds.occupancy_rate': 1 }, {})).toMatchObject({ value: null, reason: expect.stringContaining('scope unit') });
    expect(reason(houseOf({}, told), 'unit.performance_score', { scope: { unit: '4E' } })).toMatch(/site\.performanceWeights/);
  });

  test('has a formula over given parts', () => {
    expect(computeFormula('unit.performance_score', { parts: [{ weight: 3, share: 1 }, { weight: 1, share: 0.5 }, { weight: 7, share: null }] })).toMatchObject({ value: 0.875 });
    expect(computeFormula('unit.performance_score', { parts: [{ weight: 1, share: null }] })).toMatchObject({ value: null });
  });
});
