import { z } from 'zod';
import { unitKind } from './events/fields.ts';
import { retentionSchema } from './retention.ts';
import { sourceConfigSchema } from './sources.ts';
import { snapshotOps } from './events/ops/snapshots.ts';

const hhmm = () => z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/);
const name = () => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

const SNAPSHOT_OPS = snapshotOps.map(({ type }) => type);

export const unitConfigSchema = z.object({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(64),
  kind: unitKind(),
  level: z.string().max(16).optional(),
  /** Bed labels of the unit; for an emergency department its treatment spaces. */
  beds: z.array(z.string().min(1).max(64)).default([]),
});

/** What a site says about itself: the configuration keys that metrics and views may use. */
export const siteConfigSchema = z.object({
  tenant: name().default('local'),
  site: name().default('main'),
  title: z.string().max(80).default('Unconfigured site'),
  /** IANA zone of the walls and of every metric that speaks of a day. */
  timezone: z.string().default('UTC'),
  units: z.array(unitConfigSchema).default([]),
  or: z
    .object({
      rooms: z.array(z.object({ id: z.string(), title: z.string().optional() })).default([]),
      primeTime: z.object({ from: hhmm(), to: hhmm() }).default({ from: '07:00', to: '17:00' }),
      expectedTurnoverMinutes: z.number().positive().default(30),
      /** Short generic names of procedures for the walls, by the name that the list uses. */
      shortNames: z.record(z.string(), z.string().min(1).max(16)).default({}),
    })
    .prefault({}),
  practice: z
    .object({
      chairs: z.array(z.object({ id: z.string(), title: z.string().optional() })).default([]),
      /** Hours in which chairs are available. */
      hours: z.object({ from: hhmm(), to: hhmm() }).default({ from: '08:00', to: '18:00' }),
      /** Patients that a stage of the visit should hold at most, by stage. */
      wipLimits: z.record(z.string(), z.int().positive()).default({}),
    })
    .prefault({}),
  /** Weights of the parts of unit.performance_score, by metric id. */
  performanceWeights: z.record(z.string(), z.number().min(0)).default({}),
  /** Vacated beds count as dirty until a cleaning or status event says otherwise. Off where no system reports cleaning. */
  dirtyOnVacate: z.boolean().default(true),
  crowdingIndex: z.enum(['nedocs', 'edwin']).default('nedocs'),
  attendingPhysiciansInEd: z.int().positive().optional(),
  /** Thresholds that differ from the metric library's, by metric id or `id@unit_kind`. */
  thresholds: z.record(z.string(), z.object({ warn: z.number().optional(), crit: z.number().optional() })).default({}),
  /** Agreed refresh time of a source in seconds, where the source does not register one itself. */
  sourceIntervalSeconds: z.record(z.string(), z.number().positive()).default({}),
  /** Systems that may publish, with their pace. */
  sources: z.array(sourceConfigSchema).default([]),
  /** What becomes of a source that is not listed and that nobody accepted. Unset: `quarantine` where sources are listed, else `accept`. */
  unknownSources: z.enum(['accept', 'quarantine']).optional(),
  /** Ops events that are published to MQTT although they are of high rate, and how many of each type a second at most. */
  publishOps: z.object({ types: z.array(z.enum(['ops.event-ingested', 'ops.event-processed', 'ops.kpi-computed', ...SNAPSHOT_OPS])).default([]), perSecond: z.int().min(1).max(1_000).default(50) }).prefault({}),
  /** How long each class of data is kept. */
  retention: retentionSchema.prefault({}),
});
export type SiteConfig = z.output<typeof siteConfigSchema>;
export type UnitConfig = z.output<typeof unitConfigSchema>;
