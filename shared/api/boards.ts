import { z } from 'zod';
import { bedItemSchema, bedStatusSchema } from '../views/bed-item.ts';
import { afterDecisionsSchema, censusSchema, holdSchema, orDaySchema, orRoomSchema, unitCardSchema, unitPressureSchema, wipSchema } from '../views/boards.ts';
import { feedItemSchema } from '../views/frame.ts';
import { metricItemSchema } from '../views/metric-item.ts';
import { epochMs, name, page, pageOf } from './fields.ts';
import { defineOperation } from './operation.ts';

/** A source behind the figures: how long it has been silent, and whether that is longer than it may be. */
const sourceAge = feedItemSchema.extend({ ageSeconds: z.number().min(0).nullable(), silent: z.boolean() });

/** The moment that an answer speaks of, on the site's clock, and how fresh what it is made of is. */
const present = { at: epochMs(), sources: z.array(sourceAge) };

const read = { method: 'GET', permission: 'views.read', conditional: true } as const;

const board = <const P extends string, const S extends z.ZodRawShape>(id: string, path: P, tag: string, summary: string, shape: S) =>
  defineOperation({ ...read, id, path, tag, summary, answer: z.strictObject({ ...present, ...shape }) });

export const getOverview = board('getOverview', '/overview', 'overview', 'The whole house at a glance, as its board shows it', {
  kpis: z.array(metricItemSchema),
  units: z.array(unitPressureSchema),
  /** Null while no decision is known. */
  afterDecisions: afterDecisionsSchema.nullable(),
  /** Null while no bed is told. */
  census: censusSchema.nullable(),
  /** Stages of flow for which a limit is set, with how many are in each. */
  wip: z.array(wipSchema),
});

export const getOrStatus = board('getOrStatus', '/or-status', 'or-status', 'The operating rooms of the site\'s day, as their board shows them', {
  kpis: z.array(metricItemSchema),
  /** Null while no room is told. */
  day: orDaySchema.nullable(),
  rooms: z.array(orRoomSchema),
  holds: z.array(holdSchema),
});

export const listBeds = defineOperation({
  ...read, id: 'listBeds', path: '/bed-management', tag: 'bed-management', summary: 'Beds with state, since when, reason and attributes; no person in any',
  query: z.strictObject({ unit: name().optional(), status: bedStatusSchema.optional(), ...page() }),
  answer: pageOf(bedItemSchema).extend(present),
  problems: [404],
});

export const listUnits = board('listUnits', '/bed-management/units', 'bed-management', 'Units with their beds counted, load and occupancy', { units: z.array(unitCardSchema) });

/** One figure of a department now; its course is asked of the analytics. */
const presentMetric = metricItemSchema.omit({ short: true, trend: true, change: true, rank: true });

const department = (id: string, path: string, tag: string, what: string) =>
  board(id, path, tag, `${what}: gauges of now, counts and durations of the site's day so far, with limits and how bad they are`, { metrics: z.array(presentMetric) });

export const getEdStatus = department('getEdStatus', '/ed-status', 'ed-status', 'Emergency departments');
export const getLabStatus = department('getLabStatus', '/lab-status', 'lab-status', 'Laboratory');
export const getImagingStatus = department('getImagingStatus', '/imaging-status', 'imaging-status', 'Imaging');
export const getRcmStatus = department('getRcmStatus', '/rcm-status', 'rcm-status', 'Revenue cycle');
