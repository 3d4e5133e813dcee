import { z } from 'zod';
import { ROOM_STATUSES } from '../events/types/or.ts';
import { at, counted, known, severitySchema } from './fields.ts';
import { STAGE_NAMES, WIP_STATES } from '../wip.ts';
import { metricItemSchema } from './metric-item.ts';

/**
 * View `overview`. Keys: `kpi:<metric>[@scope]` (MetricItem), `unit:<id>` (UnitPressureItem), `after` (AfterDecisionsItem),
 * `census` (CensusItem). An item whose data do not exist is absent.
 */
export const unitPressureSchema = z.strictObject({
  ...counted,
  unit: z.string(),
  name: z.string(),
  kind: z.string(),
  staffed: z.number(),
  occupied: z.number(),
  /** Occupied / staffed now; null when unknown. */
  rate: known(),
  severity: severitySchema,
  /** Hourly past values, oldest first: [epoch ms of the hour, rate or null]. */
  past: z.array(z.tuple([at(), known()]).readonly()).readonly(),
  /** Occupied beds after decisions already made, minus occupied beds now; null when no decision is known. */
  afterDelta: known(),
  warn: z.number(),
  crit: z.number(),
});
export type UnitPressureItem = z.output<typeof unitPressureSchema>;

export const afterDecisionsSchema = z.strictObject({
  now: z.number(),
  staffed: z.number(),
  steps: z.array(z.strictObject({ label: z.string(), delta: z.number() })).readonly(),
  after: z.number(),
  /** Beds that operating rooms want kept for their patients, by kind of unit; beside `after`, not in it. */
  holds: z.array(z.strictObject({ kind: z.string(), beds: z.number() })).readonly(),
  rate: metricItemSchema,
});
export type AfterDecisionsItem = z.output<typeof afterDecisionsSchema>;

export const censusSchema = z.strictObject({
  ...counted,
  staffed: z.number(),
  /** Beds at the upper end of the normal range of occupancy; null where there is none. */
  target: known(),
  /** Change over the last two hours, in beds; null when not known. */
  change: known(),
  /** [epoch ms, occupied beds], oldest first. */
  points: z.array(z.tuple([at(), z.number()]).readonly()).readonly(),
});
export type CensusItem = z.output<typeof censusSchema>;

/**
 * View `floorplan`, params `plan`. Keys: `bed:<unit>/<bed>` (BedItem), `unit:<id>` (UnitCardItem).
 */
/** One stage of flow with a limit: how many are in it, null when unknown, and how that stands to the limit. */
export const wipSchema = z.strictObject({ stage: z.enum(STAGE_NAMES), unit: z.string().optional(), title: z.string(), count: known(), limit: z.int(), state: z.enum(WIP_STATES).nullable() });
export type WipItem = z.output<typeof wipSchema>;

/** The beds of one pod, counted. */
export const podSchema = z.strictObject({ id: z.string(), title: z.string(), beds: z.number(), occupied: z.number(), leaving: z.number() });
export type PodItem = z.output<typeof podSchema>;

export const unitCardSchema = z.strictObject({
  ...counted,
  unit: z.string(),
  name: z.string(),
  kind: z.string(),
  occupancy: metricItemSchema,
  occupied: z.number(),
  staffed: z.number(),
  /** Null while nobody tells the state of free beds. */
  available: known(),
  dirty: known(),
  blocked: known(),
  leaving: z.number(),
  incoming: z.number(),
  /** RN present and planned, when staffing is reported. */
  nurses: z.strictObject({ present: z.number(), planned: z.number().optional() }).optional(),
  ventilated: z.number().optional(),
  stepDownReady: z.number().optional(),
  /** Stages of flow for which the unit has a limit. */
  wip: z.array(wipSchema).readonly().optional(),
  /** Load zones: patients per nurse relative to plan, or occupancy; one step 0-3 each. */
  load: z.strictObject({ ratio: z.number(), label: z.string(), severity: severitySchema, step: z.literal([0, 1, 2, 3]) }).nullable(),
  /** In the plan's order; empty where the plan draws none. */
  pods: z.array(podSchema).readonly(),
  /** Sources behind the single beds: who lies in one, and how one is that nobody lies in. */
  bedFeeds: z.strictObject({ occupied: z.array(z.string()).readonly(), other: z.array(z.string()).readonly() }),
});
export type UnitCardItem = z.output<typeof unitCardSchema>;

/**
 * View `or`. Keys: `kpi:<metric>` (MetricItem), `room:<id>` (OrRoomItem), `day` (OrDayItem), `hold:<case>` (HoldItem).
 */
export const orDaySchema = z.strictObject({
  /** Bounds of the site's day, epoch ms. */
  from: at(),
  to: at(),
  primeFrom: at(),
  primeTo: at(),
  roomsOpen: z.number(),
  roomsTotal: z.number(),
  cases: z.number(),
  turnoverLimitMinutes: z.number(),
  feeds: counted.feeds,
});
export type OrDayItem = z.output<typeof orDaySchema>;

export const orCaseSchema = z.strictObject({
  /** Opaque key without meaning outside this view. */
  key: z.string(),
  label: z.string(),
  /** The label where a bar has room for a word or two. */
  short: z.string(),
  addOn: z.boolean(),
  scheduledStart: at().nullable(),
  scheduledEnd: at().nullable(),
  inRoom: at().nullable(),
  outOfRoom: at().nullable(),
  /** Predicted bounds where the fact is still missing. */
  predictedStart: at().nullable(),
  predictedEnd: at().nullable(),
  state: z.enum(['scheduled', 'running', 'done', 'cancelled']),
  /** Late start in minutes (in room - scheduled), null when not started. */
  delayMinutes: known(),
  severity: severitySchema,
  overlap: z.boolean(),
});
export type OrCaseItem = z.output<typeof orCaseSchema>;

export const orRoomSchema = z.strictObject({
  room: z.string(),
  title: z.string(),
  service: z.string().nullable(),
  status: z.enum([...ROOM_STATUSES, 'unknown']),
  /** What the site calls this status, where it was said in a word of its own. */
  label: z.string().optional(),
  /** A word that the site document does not explain: the status is unknown then. */
  word: z.string().optional(),
  /** A code, as beds have it; what else was said may name somebody. */
  reason: z.string().optional(),
  expectedUntil: at().optional(),
  cases: z.array(orCaseSchema).readonly(),
  /** Gaps between cases: [from, to, minutes, over the limit]. */
  turnovers: z.array(z.strictObject({ from: at(), to: at(), minutes: z.number(), severity: severitySchema })).readonly(),
  predictedEnd: at().nullable(),
  endSeverity: severitySchema,
});
export type OrRoomItem = z.output<typeof orRoomSchema>;

export const holdSchema = z.strictObject({
  room: z.string(),
  unitKind: z.string(),
  unit: z.string().nullable(),
  neededAt: at().nullable(),
  state: z.enum(['held', 'requested', 'no-bed']),
  severity: severitySchema,
});
export type HoldItem = z.output<typeof holdSchema>;
