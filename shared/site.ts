import { z } from 'zod';
import { unitKind } from './events/fields.ts';
import { BED_STATUSES, BLOCK_REASONS } from './events/types/bed.ts';
import { ROOM_STATUSES } from './events/types/or.ts';
import { userName } from './access/names.ts';
import { ROLE_NAMES } from './access/roles.ts';
import { floorPlanSchema } from './floorplan.ts';
import { kpiWindowsSchema } from './kpi-windows.ts';
import { siteLayoutsSchema } from './layout.ts';
import { oidcSchema } from './oidc.ts';
import { retentionSchema } from './retention.ts';
import { sourceConfigSchema } from './sources.ts';
import { OPS_OF_MESSAGES } from './events/ops/ingest.ts';
import { snapshotOps } from './events/ops/snapshots.ts';
import { STAGE_NAMES } from './wip.ts';

const hhmm = () => z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/);
const name = () => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

const word = () => z.string().trim().min(1).max(64);
const label = () => z.string().trim().min(1).max(24);

const SNAPSHOT_OPS = snapshotOps.map(({ type }) => type);

export const unitConfigSchema = z.object({
  id: z.string().min(1).max(64).describe('As events name the unit.'),
  name: z.string().min(1).max(64).describe('As the walls show it.'),
  kind: unitKind(),
  level: z.string().max(16).optional(),
  beds: z.array(z.string().min(1).max(64)).default([]).describe('Bed labels of the unit; for an emergency department its treatment spaces.'),
});

/** What a site says about itself: the configuration keys that metrics and views may use. */
export const siteConfigSchema = z.object({
  tenant: name().default('local').describe('Organisation; fixed with the store.'),
  site: name().default('main').describe('Hospital or clinic; fixed with the store.'),
  title: z.string().max(80).default('Unconfigured site').describe('Title of the walls.'),
  timezone: z.string().default('UTC').describe('IANA zone of the walls and of every metric that speaks of a day.'),
  units: z.array(unitConfigSchema).default([]).describe('Wards, intensive care, emergency department, operating rooms, ...'),
  or: z
    .object({
      rooms: z.array(z.object({ id: z.string(), title: z.string().optional() })).default([]).describe('Operating rooms, in the order of the board.'),
      primeTime: z.object({ from: hhmm(), to: hhmm() }).default({ from: '07:00', to: '17:00' }).describe('Hours of scheduled surgery on the wall clock, HH:mm.'),
      expectedTurnoverMinutes: z.number().positive().default(30).describe('Between two cases of a room, where no threshold says otherwise.'),
      shortNames: z.record(z.string(), z.string().min(1).max(16)).default({}).describe('Short generic names of procedures for the walls, by the name that the list uses.'),
    })
    .prefault({}),
  practice: z
    .object({
      chairs: z.array(z.object({ id: z.string(), title: z.string().optional() })).default([]).describe('Chairs or rooms of a practice.'),
      hours: z.object({ from: hhmm(), to: hhmm() }).default({ from: '08:00', to: '18:00' }).describe('Hours in which chairs are available.'),
      wipLimits: z.record(z.string(), z.int().positive()).default({}).describe('Patients that a stage of the visit should hold at most, by stage.'),
    })
    .prefault({}),
  statuses: z
    .object({
      bed: z.record(word(), z.object({ base: z.enum(BED_STATUSES), label: label(), reason: z.enum(BLOCK_REASONS).optional() })).default({}).describe('Words of your own for the status of a bed, as events say them: what each is one of, how boards call it, and for a blocked bed why.'),
      room: z.record(word(), z.object({ base: z.enum(ROOM_STATUSES), label: label() })).default({}).describe('Words of your own for the status of an operating room: what each is one of, and how boards call it.'),
    })
    .prefault({}),
  performanceWeights: z.record(z.string(), z.number().min(0)).default({}).describe('Weights of the parts of unit.performance_score, by metric id.'),
  dirtyOnVacate: z.boolean().default(true).describe('Vacated beds count as dirty until a cleaning or status event says otherwise. Off where no system reports cleaning.'),
  crowdingIndex: z.enum(['nedocs', 'edwin']).default('nedocs').describe('Score by which the emergency department is judged crowded.'),
  attendingPhysiciansInEd: z.int().positive().optional().describe('Attending physicians on duty in the emergency department, for EDWIN.'),
  thresholds: z.record(z.string(), z.object({ warn: z.number().optional(), crit: z.number().optional() })).default({}).describe('Thresholds that differ from the metric library\'s, by metric id or `id@unit_kind`.'),
  kpiWindows: kpiWindowsSchema.prefault({}),
  wipLimits: z.array(z.object({ stage: z.enum(STAGE_NAMES), unit: z.string().min(1).max(64).optional(), limit: z.int().positive() })).default([]).describe('How many may be in a stage of flow at once, in the whole site or in one unit; at the limit boards warn.'),
  sourceIntervalSeconds: z.record(z.string(), z.number().positive()).default({}).describe('Agreed refresh time of a source in seconds, where the source does not register one itself.'),
  sources: z.array(sourceConfigSchema).default([]).describe('Systems that may publish, with their pace.'),
  unknownSources: z.enum(['accept', 'quarantine']).optional().describe('What becomes of a source that is not listed and that nobody accepted. Unset: `quarantine` where sources are listed, else `accept`.'),
  publishOps: z.object({ types: z.array(z.enum([...OPS_OF_MESSAGES, 'ops.kpi-computed', ...SNAPSHOT_OPS])).default([]), perSecond: z.int().min(1).max(1_000).default(50) }).prefault({}).describe('Ops events that are published to MQTT although they are of high rate, and how many of each type a second at most.'),
  oidc: oidcSchema.optional().describe('Identity provider (OpenID Connect) by which people sign in at desks.'),
  layouts: siteLayoutsSchema.prefault({}),
  floorplans: z.array(floorPlanSchema).default([]).describe('Floor plans of your own, in px of a 1920 x 1080 wall, beside those that come with Vigil; one of the same id takes its place.'),
  users: z.array(z.object({ name: userName(), roles: z.array(z.enum(ROLE_NAMES)) })).default([]).describe('Accounts that are to be there, and what they may do. Passwords, PINs and badges are given to each under Users; who is taken out of here cannot sign in any more.'),
  retention: retentionSchema.prefault({}).describe('How long each class of data is kept.'),
});
export type SiteConfig = z.output<typeof siteConfigSchema>;
export type UnitConfig = z.output<typeof unitConfigSchema>;
