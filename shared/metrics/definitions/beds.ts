import type { MetricDefinition } from '../definition.ts';
import { bedStates, staffedBeds } from './inputs.ts';

const scopes = ['unit', 'unit_kind'] as const;
const hospital = 'Without a scope: wards, intensive care and step-down units.';
const occupancy = {
  direction: 'high',
  warn: 0.92,
  crit: 0.97,
  normal: [null, 0.85],
  byScope: { 'unit_kind=icu': { warn: 0.9, crit: 0.97, normal: [null, 0.75] } },
  scale: [0, 1.2],
  commonPractice: true,
  source: 'Janke 2022 (boarding rises above 85 %); ICU 70-75 %: Tierney review; warn and critical: common practice',
} as const;
const state = { kind: 'gauge', unit: 'beds', scopes, direction: 'none', inputs: bedStates, source: 'HL7 table 0116' } as const;

export const bedMetrics: readonly MetricDefinition[] = [
  {
    ...state,
    id: 'beds.staffed',
    title: 'Staffed beds',
    formula: `Beds that are staffed as last reported, else the beds the site configures for the unit. ${hospital}`,
    inputs: staffedBeds,
  },
  { ...state, id: 'beds.occupied', title: 'Occupied beds', formula: `Beds with a patient, and patients without a bed label beyond the beds that are taken by nobody whom a record names. ${hospital}` },
  {
    ...state,
    id: 'beds.available',
    title: 'Available beds',
    formula: `Beds that are unoccupied, clean, staffed and not reserved; a bed whose state nobody told does not count. ${hospital}`,
    inputs: [...bedStates, ...staffedBeds],
  },
  { ...state, id: 'beds.dirty', title: 'Dirty beds', formula: `Vacated beds that wait for cleaning. ${hospital}`, inputs: [...bedStates, 'site.dirtyOnVacate'] },
  { ...state, id: 'beds.blocked', title: 'Blocked beds', formula: `Beds closed with a reason. ${hospital}` },
  { ...state, id: 'beds.unknown', title: 'Beds of unknown status', formula: `Beds of which nobody has said how they are, or in a word that the site does not explain. ${hospital}` },
  { ...state, id: 'beds.reserved', title: 'Reserved beds', formula: `Beds assigned to a patient who is not in them yet. ${hospital}` },
  {
    ...occupancy,
    id: 'beds.occupancy_rate',
    title: 'Bed occupancy',
    short: 'Occupancy',
    detail: 'of staffed beds',
    kind: 'gauge',
    unit: '%',
    scopes,
    formula: `Occupied beds / staffed beds. ${hospital}`,
    inputs: [...bedStates, ...staffedBeds],
  },
  {
    ...occupancy,
    id: 'beds.occupancy_after_decisions',
    title: 'Occupancy after decisions',
    kind: 'gauge',
    unit: '%',
    scopes,
    formula: `(Occupied - pending discharges - pending transfers out + pending transfers in + assigned admissions) / staffed beds, each patient counted once: `
      + 'who left the bed before the chart says so leaves no second time, and who was to come is there once a bed of the unit was taken since by somebody whom no record names. '
      + hospital,
    inputs: [
      ...bedStates, ...staffedBeds, 'adt.discharge-pending@time', 'adt.transfer-pending.to.unit', 'adt.pending-cancelled.pending',
      'ed.bed-requested.toUnit', 'ed.admission-decided.toUnit', 'bed.reserved.encounter',
    ],
  },
  {
    id: 'beds.clean_turnaround',
    title: 'Bed cleaning time',
    kind: 'distribution',
    unit: 'min',
    scopes,
    formula: 'Cleaning requested (else bed vacated) to cleaning completed. Unknown for a window that begins further back than the 8 days for which beds keep their past.',
    inputs: ['bed.cleaning-requested@time', 'adt.discharged@time', 'adt.transferred@time', 'bed.cleaning-completed@time', 'bed.cleaning-completed.unit'],
    source: 'Common practice',
    direction: 'high',
    warn: 60,
    crit: 90,
    commonPractice: true,
  },
  {
    id: 'beds.blocked_hours',
    title: 'Blocked bed hours',
    kind: 'count',
    unit: 'h',
    scopes: [...scopes, 'reason'],
    formula: 'Hours within the window in which beds were blocked, from blocked to unblocked or now, summed over beds; by reason. '
      + 'Unknown for a window that begins further back than the 8 days for which beds keep their past.',
    inputs: ['bed.blocked@time', 'bed.blocked.reason', 'bed.blocked.unit', 'bed.unblocked@time', 'bed.status-changed.status', 'bed.status-changed.reason'],
    source: 'Vigil',
    direction: 'none',
  },
  {
    id: 'unit.acuity_index',
    title: 'Acuity index',
    kind: 'gauge',
    unit: '',
    scopes,
    formula: 'Mean acuity, 1 (lowest) to 4 (highest), of the patients in the unit whose acuity is known and who have not left their bed. Unknown when none is.',
    inputs: ['adt.updated.acuity', 'icu.acuity-changed.acuity', 'adt.admitted.location.unit', 'adt.transferred.location.unit'],
    source: 'Vigil',
    direction: 'none',
    scale: [1, 4],
  },
];
