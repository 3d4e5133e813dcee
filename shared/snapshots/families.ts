import type { FactKind, MetricColumn, SnapshotFamily } from './family.ts';

const now = (...metrics: readonly string[]): MetricColumn[] => metrics.map((metric) => ({ metric, window: 'now' }));
const today = (...metrics: readonly string[]): MetricColumn[] => metrics.map((metric) => ({ metric, window: 'today' }));
const figures = (metric: string, ...of: readonly ('p50' | 'p90')[]): MetricColumn[] => of.map((figure) => ({ metric, figure, window: 'today' }));
const facts = (kind: FactKind, ...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, kind]));

/** How a place stands: a status with its time, reason and expected end. */
const status = { status: 'text', since: 'time', reason: 'text', expectedUntil: 'time' } as const;

/** The nine snapshot families, in the order in which they are taken. */
export const SNAPSHOT_FAMILIES = [
  {
    name: 'hospital-unit',
    table: 'hospital_unit',
    title: 'Units of the hospital with their kind, and their capacity in beds, treatment spaces or rooms',
    subject: ['unit'],
    facts: { name: 'text', kind: 'text', level: 'text', capacity: 'count', configured: 'flag' },
    metrics: [],
  },
  {
    name: 'unit',
    table: 'unit_snapshot',
    title: 'Beds and decided movements of a unit',
    subject: ['unit'],
    facts: facts(
      'count', 'staffed', 'occupied', 'available', 'dirty', 'cleaning', 'blocked', 'reserved', 'unspoken', 'waiting', 'ventilated', 'stepDownReady',
      'pendingDischarges', 'pendingTransfersOut', 'pendingTransfersIn', 'assignedAdmissions', 'holds',
    ),
    metrics: now('beds.available', 'beds.occupancy_rate', 'beds.occupancy_after_decisions', 'unit.acuity_index'),
  },
  {
    name: 'bed',
    table: 'bed_snapshot',
    title: 'State and attributes of a bed',
    subject: ['unit', 'bed'],
    facts: {
      ...status,
      ...facts('text', 'isolation', 'conflictSource', 'conflictSays'),
      ...facts('flag', 'contaminated', 'ventilated', 'leaving', 'moving', 'constructed'),
      ...facts('time', 'boardingSince', 'incomingSince', 'incomingExpectedAt'),
      acuity: 'count',
    },
    metrics: [],
  },
  {
    name: 'or-status',
    table: 'or_status_snapshot',
    title: 'An operating room, or all of them',
    subject: ['room'],
    facts: { ...status, running: 'flag', casesLeft: 'count' },
    metrics: [
      ...now('or.predicted_end', 'or.rooms_after_prime_time'),
      ...today('or.first_case_on_time_rate', 'or.cases_scheduled', 'or.cases_completed', 'or.cases_cancelled'),
      ...figures('or.turnover', 'p50'),
    ],
  },
  {
    name: 'ed-status',
    table: 'ed_status_snapshot',
    title: 'An emergency department, or all of them',
    subject: ['ed'],
    facts: {},
    metrics: [
      ...now('ed.census', 'ed.waiting', 'ed.in_treatment', 'ed.boarders', 'ed.occupancy_rate', 'ed.nedocs', 'ed.edwin'),
      ...today('ed.lwbs_rate'),
      ...figures('ed.door_to_provider', 'p50', 'p90'),
      ...figures('ed.boarding_time', 'p90'),
      ...figures('ed.length_of_stay', 'p50', 'p90'),
      ...figures('ed.ambulance_offload', 'p90'),
    ],
  },
  {
    name: 'lab-workload',
    table: 'lab_workload_snapshot',
    title: 'Work of the laboratory, whole and by priority',
    subject: ['priority'],
    facts: {},
    metrics: [...now('lab.pending', 'lab.overdue'), ...figures('lab.turnaround', 'p50', 'p90'), ...figures('lab.order_turnaround', 'p90')],
  },
  {
    name: 'imaging-workload',
    table: 'imaging_workload_snapshot',
    title: 'Work of imaging, whole and by modality',
    subject: ['modality'],
    facts: {},
    metrics: [...now('imaging.pending'), ...figures('imaging.turnaround', 'p50', 'p90'), ...figures('imaging.order_to_study', 'p50', 'p90')],
  },
  {
    name: 'rcm-workload',
    table: 'rcm_workload_snapshot',
    title: 'Work of the revenue cycle, whole and by payer',
    subject: ['payer'],
    facts: {},
    metrics: [
      ...now('rcm.preauth_pending', 'rcm.claims_open'),
      ...today('rcm.claims_submitted', 'rcm.claims_denied', 'rcm.initial_denial_rate'),
      ...now('rcm.dnfb_days', 'rcm.ar_days'),
    ],
  },
  {
    name: 'kpi',
    table: 'ops_kpi',
    title: 'A metric over one hour or one day of the site; at is the start of the period',
    subject: ['period', 'metric', 'scope'],
    facts: { until: 'time', count: 'count', excluded: 'count', ...facts('number', 'value', 'mean', 'p50', 'p90', 'max', 'within') },
    metrics: [],
  },
] as const satisfies readonly SnapshotFamily[];

export type SnapshotFamilyName = (typeof SNAPSHOT_FAMILIES)[number]['name'];

/** A family by its name. */
export const snapshotFamilies: ReadonlyMap<string, SnapshotFamily> = new Map(SNAPSHOT_FAMILIES.map((family) => [family.name, family]));
