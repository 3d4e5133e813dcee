import { z } from 'zod';
import { REFRESH_DOMAINS } from '../snapshots/domains.ts';
import { SNAPSHOT_FAMILIES } from '../snapshots/families.ts';
import { snapshotSchema, type SnapshotFamily } from '../snapshots/family.ts';
import { epochMs, moment, name, page, pageOf } from './fields.ts';
import { defineOperation } from './operation.ts';

const subjectOf = (family: SnapshotFamily) => Object.fromEntries(family.subject.map((field) => [field, z.string().max(256).optional()]));

const pascal = (text: string) => text.split('-').map((part) => part[0]!.toUpperCase() + part.slice(1)).join('');

/** The families of a moment; KPIs are of hours and days and have operations of their own. */
const families: readonly SnapshotFamily[] = SNAPSHOT_FAMILIES.filter(({ name }) => name !== 'kpi');

/** Newest and past snapshots of one family. Subjects narrow; an empty one is the row of the whole department. */
const operationsOf = (family: SnapshotFamily) => {
  const own = { method: 'GET', tag: 'snapshots', permission: 'views.read' } as const;
  const snapshot = snapshotSchema(family);
  return {
    family,
    latest: defineOperation({
      ...own, id: `latest${pascal(family.name)}Snapshots`, path: `/snapshots/${family.name}/latest`, summary: `${family.title}: newest, or as of a moment`, conditional: true,
      query: z.strictObject({ ...subjectOf(family), at: moment().optional() }),
      answer: z.strictObject({ items: z.array(snapshot) }),
    }),
    history: defineOperation({
      ...own, id: `list${pascal(family.name)}Snapshots`, path: `/snapshots/${family.name}/history`, summary: `${family.title}: what held in from <= t < to, oldest first`, costly: true,
      description: 'The row that held at `from` comes first. Where no span of `watched` is, nobody looked, and a row says nothing.',
      query: z.strictObject({ ...subjectOf(family), from: moment(), to: moment(), ...page() }),
      answer: pageOf(snapshot).extend({ watched: z.array(z.strictObject({ since: epochMs(), until: epochMs() })) }),
    }),
  };
};

export const snapshotOperations = families.map(operationsOf);

const MOMENT_FAMILIES = families.map(({ name }) => name) as [string, ...string[]];

export const updateSnapshots = defineOperation({
  id: 'updateSnapshots', method: 'POST', path: '/snapshots/{family}/update', tag: 'snapshots', permission: 'snapshots.refresh',
  summary: 'Take the snapshots of a family now, not when their minute comes',
  description: 'What is kept is what changed, as always; `/latest` tells it from then on. Asked again within a second, the answer is that of the first time.',
  params: z.strictObject({ family: z.enum(MOMENT_FAMILIES) }),
  /** Moment on the site's clock, and how many rows were written. */
  answer: z.strictObject({ at: epochMs(), written: z.int() }),
  problems: [503],
  repeatable: true,
});

export const refreshSnapshots = defineOperation({
  id: 'refreshSnapshots', method: 'POST', path: '/snapshots/refresh', tag: 'snapshots', permission: 'snapshots.refresh',
  summary: 'Compute a unit or a domain anew from the log and tell every difference',
  description: 'Of a unit, what names it and is open or closed within four days; a domain whole. There must be no difference: if there is one, `vigil rebuild` puts it right. One at a time.',
  body: z.union([z.strictObject({ unit: name() }), z.strictObject({ domain: z.enum(REFRESH_DOMAINS) })]),
  answer: z.strictObject({
    /** Entities that were computed anew. */
    checked: z.int(),
    /** How many differ; at most the first 1,000 are named. */
    different: z.int(),
    differences: z.array(z.strictObject({ kind: z.string(), id: z.string() })),
  }),
  problems: [404, 409, 503],
  repeatable: true,
});

const figure = () => z.number().nullable();

/** A metric over an hour or a day of the site. Its unit stands in the catalogue; what is not known is null with the reason. */
const kpiSchema = z.strictObject({
  period: z.enum(['hour', 'day']), metric: z.string(),
  /** `key=value` pairs joined by `&`; empty for the whole hospital. */
  scope: z.string(),
  from: epochMs(), to: epochMs().nullable(),
  value: figure(), count: z.int().nullable(), excluded: z.int().nullable(), mean: figure(), p50: figure(), p90: figure(), max: figure(), within: figure(), reason: z.string().optional(),
});

const narrowed = { period: z.enum(['hour', 'day']), metric: z.string().max(128).optional(), scope: z.string().max(512).optional() };

export const latestKpis = defineOperation({
  id: 'latestKpis', method: 'GET', path: '/kpis', tag: 'kpis', summary: 'Every KPI of the last hour or day that is over', permission: 'views.read', conditional: true,
  query: z.strictObject(narrowed), answer: z.strictObject({ items: z.array(kpiSchema) }),
});

export const listKpis = defineOperation({
  id: 'listKpis', method: 'GET', path: '/kpis/history', tag: 'kpis', summary: 'KPIs of the hours or days in from <= t < to, oldest first', permission: 'views.read', costly: true,
  query: z.strictObject({ ...narrowed, from: moment(), to: moment(), ...page() }), answer: pageOf(kpiSchema),
});

const limits = { warn: figure(), crit: figure(), normal: z.tuple([figure(), figure()]) };

export const listMetrics = defineOperation({
  id: 'listMetrics', method: 'GET', path: '/metrics', tag: 'kpis', summary: 'The catalogue: every metric with unit, formula, source and the thresholds of this site', permission: 'views.read', conditional: true,
  answer: z.strictObject({
    items: z.array(z.strictObject({
      id: z.string(), title: z.string(), kind: z.enum(['distribution', 'gauge', 'count', 'rate']),
      /** `%` is a share of 0-1. */
      unit: z.string(), scopes: z.array(z.string()), formula: z.string(), inputs: z.array(z.string()), source: z.string(), direction: z.enum(['high', 'low', 'band', 'none']),
      ...limits,
      /** Thresholds that differ where a scope has a value, as `priority=STAT`. */
      byScope: z.array(z.strictObject({ where: z.string(), ...limits })),
      commonPractice: z.boolean(),
    })),
  }),
});
