import { z } from 'zod';
import { isBedStatus } from '../events/types/bed.ts';
import { isRoomStatus } from '../events/types/or.ts';
import { metricDefinitions } from '../metrics/definitions/index.ts';
import { siteConfigSchema, type SiteConfig } from '../site.ts';
import { STAGES } from '../wip.ts';
import { bare } from './settings.ts';

/** Key of the thresholds for the load of the floor plan's zones, which is no metric. */
export const LOAD_PER_NURSE = 'unit.load_per_nurse';

/** What is wrong with a document: where, what, and what to do. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

export type Checked = { readonly ok: true; readonly site: SiteConfig } | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Checks a site document whole: keys that no version of it knows, values, and what only several of them together get
 * wrong. What it does not name is as by default.
 */
export function checkSite(document: unknown): Checked {
  const faults = unknownKeys(siteConfigSchema, document, []);
  const parsed = siteConfigSchema.safeParse(document);
  if (!parsed.success) faults.push(...parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message: path.length === 0 ? `${message}: a document is a table of settings` : message })));
  else faults.push(...contradictions(parsed.data));
  return parsed.success && faults.length === 0 ? { ok: true, site: parsed.data } : { ok: false, faults };
}

/** Of tables that let unknown keys pass: a mistyped key would be a setting that does nothing. */
function unknownKeys(schema: z.core.$ZodType, value: unknown, path: readonly (string | number)[]): Fault[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodArray) return Array.isArray(value) ? value.flatMap((one, i) => unknownKeys(inner.element, one, [...path, i])) : [];
  if (!(inner instanceof z.ZodObject) || inner.def.catchall || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const known = inner.shape[key] as z.core.$ZodType | undefined;
    return known ? unknownKeys(known, part, [...path, key]) : [{ path: [...path, key].join('.'), message: `there is no such setting; here are ${Object.keys(inner.shape).join(', ')}` }];
  });
}

function contradictions({ timezone, units, or, practice, sources, statuses, thresholds, kpiWindows, wipLimits, performanceWeights, layouts, floorplans, users }: SiteConfig): Fault[] {
  const faults: Fault[] = [];
  if (!isZone(timezone)) faults.push({ path: 'timezone', message: `${timezone} is no time zone; give an IANA name such as America/New_York` });
  faults.push(...repeated(units.map(({ id }) => id), (i) => `units.${i}.id`), ...repeated(or.rooms.map(({ id }) => id), (i) => `or.rooms.${i}.id`));
  faults.push(...repeated(practice.chairs.map(({ id }) => id), (i) => `practice.chairs.${i}.id`), ...repeated(sources.map(({ kind, instance }) => `${kind}/${instance}`), (i) => `sources.${i}`));
  units.forEach(({ beds }, unit) => faults.push(...repeated(beds, (i) => `units.${unit}.beds.${i}`)));
  for (const key of Object.keys(thresholds)) if (key !== LOAD_PER_NURSE && !metricDefinitions.has(key.split('@')[0]!)) faults.push({ path: `thresholds.${key}`, message: unknownMetric(key.split('@')[0]!) });
  for (const key of Object.keys(performanceWeights)) if (!metricDefinitions.has(key)) faults.push({ path: `performanceWeights.${key}`, message: unknownMetric(key) });
  faults.push(...windowFaults(kpiWindows), ...repeated(wipLimits.map(({ stage, unit }) => (unit === undefined ? stage : `${stage} of ${unit}`)), (i) => `wipLimits.${i}`));
  wipLimits.forEach(({ stage, unit }, i) => {
    if (unit === undefined) return;
    if (!STAGES[stage].byUnit) faults.push({ path: `wipLimits.${i}.unit`, message: `${stage} is counted for the whole site; leave the unit out` });
    else if (!units.some(({ id }) => id === unit)) faults.push({ path: `wipLimits.${i}.unit`, message: `${unit} is no unit of this site; its units are ${units.map(({ id }) => id).join(', ') || 'not named yet'}` });
  });
  faults.push(...repeated(layouts.stations.map(({ id }) => id), (i) => `layouts.stations.${i}.id`), ...repeated(floorplans.map(({ id }) => id), (i) => `floorplans.${i}.id`), ...repeated(users.map(({ name }) => name), (i) => `users.${i}.name`));
  floorplans.forEach((plan, i) => plan.units.forEach(({ unit, beds }, j) => {
    const known = units.find(({ id }) => id === unit);
    if (!known) faults.push({ path: `floorplans.${i}.units.${j}.unit`, message: `${unit} is no unit of this site` });
    else for (const { bed } of beds) if (!known.beds.includes(bed)) faults.push({ path: `floorplans.${i}.units.${j}.beds`, message: `${unit} has no bed ${bed}` });
  }));
  for (const [word, { base, reason }] of Object.entries(statuses.bed)) {
    if (isBedStatus(word)) faults.push({ path: `statuses.bed.${word}`, message: isOneAlready(word) });
    if (reason !== undefined && base !== 'blocked') faults.push({ path: `statuses.bed.${word}.reason`, message: `only a blocked bed has a reason; ${word} is ${base}` });
  }
  for (const word of Object.keys(statuses.room)) if (isRoomStatus(word)) faults.push({ path: `statuses.room.${word}`, message: isOneAlready(word) });
  return faults;
}

function windowFaults({ shifts, metrics }: SiteConfig['kpiWindows']): Fault[] {
  const faults = repeated(shifts, (i) => `kpiWindows.shifts.${i}`);
  for (const [id, window] of Object.entries(metrics)) {
    const path = `kpiWindows.metrics.${id}`;
    const definition = metricDefinitions.get(id);
    if (!definition) faults.push({ path, message: unknownMetric(id) });
    else if (definition.kind === 'gauge') faults.push({ path, message: `${id} is a number of this moment and looks back over nothing` });
    if (window === 'shift' && shifts.length === 0) faults.push({ path, message: 'name in kpiWindows.shifts when shifts begin' });
  }
  return faults;
}

const isOneAlready = (word: string) => `${word} is a status of its own already; name words here that are none`;

const unknownMetric = (id: string) => {
  const area = [...metricDefinitions.keys()].filter((known) => known.split('.')[0] === id.split('.')[0]);
  return `${id} is no metric; ${area.length > 0 ? `those of ${id.split('.')[0]} are ${area.join(', ')}` : 'vigil metric lists them all'}`;
};

function repeated(names: readonly string[], path: (i: number) => string): Fault[] {
  return names.flatMap((name, i) => (names.indexOf(name) < i ? [{ path: path(i), message: `${name} stands here twice; each is named once` }] : []));
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
