import type { MetricDefinition } from '../definition.ts';
import { bedStates, staffedBeds } from './inputs.ts';

const scopes = ['unit'] as const;
const headcount = { kind: 'gauge', unit: 'patients', scopes, direction: 'none', source: 'Tierney review' } as const;

export const icuMetrics: readonly MetricDefinition[] = [
  {
    id: 'icu.occupancy_rate',
    title: 'ICU occupancy',
    short: 'ICU occ.',
    detail: 'of staffed beds',
    kind: 'gauge',
    unit: '%',
    scopes,
    formula: 'Occupied / staffed beds of the intensive care units.',
    inputs: [...bedStates, ...staffedBeds, 'site.units.kind'],
    source: 'Tierney review (70-75 %); warn and critical: common practice',
    direction: 'high',
    warn: 0.9,
    crit: 0.97,
    normal: [null, 0.75],
    scale: [0, 1.2],
    commonPractice: true,
  },
  {
    ...headcount,
    id: 'icu.ventilated',
    title: 'ICU ventilated',
    short: 'Ventilated',
    detail: 'in ICU',
    formula: 'Patients in intensive care units on invasive ventilation. Unknown while no ventilation is reported, and as soon as one unit with patients reports none.',
    inputs: ['icu.ventilator-status-changed.ventilated', 'icu.admitted.unit', 'icu.discharged@time', 'adt.transferred.location.unit'],
  },
  {
    ...headcount,
    id: 'icu.step_down_ready',
    title: 'Ready for step-down',
    short: 'Step-down',
    detail: 'ready, in ICU',
    formula: 'Patients in intensive care units with an order to leave them. Unknown while no such order is reported, and as soon as one unit with patients reports none. An order signed after the patient left is none.',
    inputs: ['icu.transfer-ordered@time', 'icu.discharged@time', 'adt.transferred.location.unit'],
  },
  {
    id: 'icu.transfer_delay',
    title: 'ICU transfer delay',
    kind: 'distribution',
    unit: 'min',
    scopes,
    formula: 'Transfer ordered to left the intensive care unit. An order signed after the patient left is counted as excluded.',
    inputs: ['icu.transfer-ordered@time', 'icu.transfer-ordered.unit', 'icu.discharged@time', 'adt.transferred@time'],
    source: 'Common practice',
    direction: 'high',
    warn: 240,
    crit: 480,
    commonPractice: true,
  },
];
