import type { MetricDefinition } from '../definition.ts';
import { placements } from './inputs.ts';

const scopes = ['unit', 'unit_kind'] as const;
const inpatient = 'Inpatient placements are those in wards, intensive care and step-down units.';
const flow = { kind: 'count', unit: 'patients', scopes, direction: 'none', inputs: placements, source: 'Vigil' } as const;

export const censusMetrics: readonly MetricDefinition[] = [
  {
    ...flow,
    id: 'census.admissions',
    title: 'Admissions',
    detail: 'inpatients',
    formula: `Encounters whose first inpatient placement falls in the window, counted where it is. ${inpatient}`,
  },
  {
    ...flow,
    id: 'census.discharges',
    title: 'Discharges',
    detail: 'inpatients',
    formula: `Inpatient encounters discharged in the window, counted where the last inpatient placement was. ${inpatient}`,
  },
  {
    ...flow,
    id: 'census.transfers_in',
    title: 'Transfers in',
    formula: `Inpatient placements after the first one of an encounter, counted where the patient came to. A move within a unit counts too. ${inpatient}`,
  },
  {
    ...flow,
    id: 'census.transfers_out',
    title: 'Transfers out',
    formula: `Inpatient placements after the first one of an encounter, counted where the inpatient placement before was. ${inpatient}`,
  },
  {
    id: 'census.los_days',
    title: 'Length of stay',
    kind: 'distribution',
    unit: 'd',
    scopes,
    formula: 'Admitted (first inpatient placement) to discharged, counted at the last inpatient placement.',
    inputs: placements,
    source: 'Vigil',
    direction: 'none',
  },
  {
    id: 'census.stranded',
    title: 'Stranded patients',
    kind: 'gauge',
    unit: 'patients',
    scopes,
    formula: 'Inpatients present whose stay since admission (first inpatient placement) is longer than 7 days.',
    inputs: placements,
    source: 'SAFER patient flow bundle',
    direction: 'none',
  },
  {
    id: 'census.discharged_before_noon_rate',
    title: 'Discharged before noon',
    kind: 'rate',
    unit: '%',
    scopes,
    formula: 'Inpatient discharges before 12:00 site time / inpatient discharges.',
    inputs: [...placements, 'site.timezone'],
    source: 'SAFER patient flow bundle',
    direction: 'low',
    warn: 0.33,
    crit: 0.2,
    scale: [0, 1],
  },
];
