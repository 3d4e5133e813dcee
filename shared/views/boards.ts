import type { Severity } from '../metrics/result.ts';
import type { MetricItem } from './metric-item.ts';

/**
 * View `overview`. Keys: `kpi:<metric>[@scope]` (MetricItem), `unit:<id>` (UnitPressureItem), `after` (AfterDecisionsItem),
 * `census` (CensusItem). An item whose data do not exist is absent.
 */
/** What a board needs to know about plain counts: the moment (epoch ms) they hold for, and the sources behind them. */
interface Counted {
  at: number;
  feeds: readonly string[];
}

export interface UnitPressureItem extends Counted {
  unit: string;
  name: string;
  kind: string;
  staffed: number;
  occupied: number;
  /** Occupied / staffed now; null when unknown. */
  rate: number | null;
  severity: Severity;
  /** Hourly past values, oldest first: [epoch ms of the hour, rate or null]. */
  past: readonly (readonly [number, number | null])[];
  /** Occupied beds after decisions already made, minus occupied beds now; null when no decision is known. */
  afterDelta: number | null;
  warn: number;
  crit: number;
}

export interface AfterDecisionsItem {
  now: number;
  staffed: number;
  steps: readonly { label: string; delta: number }[];
  after: number;
  /** Beds that operating rooms want kept for their patients, by kind of unit; beside `after`, not in it. */
  holds: readonly { kind: string; beds: number }[];
  rate: MetricItem;
}

export interface CensusItem extends Counted {
  staffed: number;
  /** Beds at the upper end of the normal range of occupancy; null where there is none. */
  target: number | null;
  /** Change over the last two hours, in beds; null when not known. */
  change: number | null;
  /** [epoch ms, occupied beds], oldest first. */
  points: readonly (readonly [number, number])[];
}

/**
 * View `floorplan`, params `plan`. Keys: `bed:<unit>/<bed>` (BedItem), `unit:<id>` (UnitCardItem).
 */
/** The beds of one pod, counted. */
export interface PodItem {
  id: string;
  title: string;
  beds: number;
  occupied: number;
  leaving: number;
}

export interface UnitCardItem extends Counted {
  unit: string;
  name: string;
  kind: string;
  occupancy: MetricItem;
  occupied: number;
  staffed: number;
  /** Null while nobody tells the state of free beds. */
  available: number | null;
  dirty: number | null;
  blocked: number | null;
  leaving: number;
  incoming: number;
  /** RN present and planned, when staffing is reported. */
  nurses?: { present: number; planned?: number };
  ventilated?: number;
  stepDownReady?: number;
  /** Load zones: patients per nurse relative to plan, or occupancy; one step 0-3 each. */
  load: { ratio: number; label: string; severity: Severity; step: 0 | 1 | 2 | 3 } | null;
  /** In the plan's order; empty where the plan draws none. */
  pods: readonly PodItem[];
}

/**
 * View `or`. Keys: `kpi:<metric>` (MetricItem), `room:<id>` (OrRoomItem), `day` (OrDayItem), `hold:<case>` (HoldItem).
 */
export interface OrDayItem {
  /** Bounds of the site's day, epoch ms. */
  from: number;
  to: number;
  primeFrom: number;
  primeTo: number;
  roomsOpen: number;
  roomsTotal: number;
  cases: number;
  turnoverLimitMinutes: number;
}

export interface OrCaseItem {
  /** Opaque key without meaning outside this view. */
  key: string;
  label: string;
  /** The label where a bar has room for a word or two. */
  short: string;
  addOn: boolean;
  scheduledStart: number | null;
  scheduledEnd: number | null;
  inRoom: number | null;
  outOfRoom: number | null;
  /** Predicted bounds where the fact is still missing. */
  predictedStart: number | null;
  predictedEnd: number | null;
  state: 'scheduled' | 'running' | 'done' | 'cancelled';
  /** Late start in minutes (in room - scheduled), null when not started. */
  delayMinutes: number | null;
  severity: Severity;
  overlap: boolean;
}

export interface OrRoomItem {
  room: string;
  title: string;
  service: string | null;
  status: 'open' | 'closed' | 'emergency-only' | 'cleaning';
  reason?: string;
  expectedUntil?: number;
  cases: readonly OrCaseItem[];
  /** Gaps between cases: [from, to, minutes, over the limit]. */
  turnovers: readonly { from: number; to: number; minutes: number; severity: Severity }[];
  predictedEnd: number | null;
  endSeverity: Severity;
}

export interface HoldItem {
  room: string;
  unitKind: string;
  unit: string | null;
  neededAt: number | null;
  state: 'held' | 'requested' | 'no-bed';
  severity: Severity;
}

