import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { parse } from 'yaml';
import type { SiteConfig } from '#shared/site.ts';
import { shipped } from '../shipped.ts';
import { DemoHospital } from '../simulate/hospital/hospital.ts';
import type { Sent } from '../simulate/hospital/emitter.ts';
import { scenarioSchema, type Scenario } from '../simulate/hospital/scenario.ts';
import { readParameters } from '../simulate/parameters.ts';

/**
 * Part of the events that grows with the rate: orders, results, doses, claims. Movements of patients are bound by
 * beds, and heartbeats by time (measured at the shipped parameters over 30 days).
 */
const GROWING_SHARE = 0.52;
export const DEFAULT_SEED = '1';
export const DEFAULT_DAYS_HISTORY = 1;

/** What makes a demo hospital the one it is: the same course gives the same events, byte by byte. */
export interface Course {
  readonly seed: string;
  /** Epoch ms in the day with which the simulation begins. */
  readonly from: number;
  /** Events as a multiple of the usual. */
  readonly rate: number;
  readonly scenario?: { readonly name: string; readonly begin: number };
}

function folder(): string {
  const resources = shipped('resources');
  if (!resources) throw new Error('The demo hospital needs the folder resources/demo that ships with Vigil.');
  return join(resources, 'demo');
}

/** Names of the shipped scenarios. */
export const scenarioNames = (): string[] =>
  readdirSync(join(folder(), 'scenarios'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();

/** A shipped scenario by its name, or one in a file. Throws an error that says what there is. */
export function readScenario(name: string): Scenario {
  const file = existsSync(name) ? name : join(folder(), 'scenarios', `${name}.yaml`);
  if (!existsSync(file)) throw new Error(`There is no scenario ${name}. There are: ${scenarioNames().join(', ')}; or give a file.`);
  const result = scenarioSchema.safeParse(parse(readFileSync(file, 'utf8')));
  if (result.success) return result.data;
  throw new Error(result.error.issues.map((issue) => `${file}: ${issue.path.join('.') || '(document)'}: ${issue.message}`).join('\n'));
}

/** The site document of the demo hospital. */
export const demoSiteFile = (): string => join(folder(), '..', 'sites', 'demo.yaml');

/** How many times the usual orders, results, doses and claims make `rate` times the usual events. */
export const volumeOf = (rate: number): number => Math.max(0.05, 1 + (rate - 1) / GROWING_SHARE);

/** Builds the demo hospital of a course; nothing has happened in it but its beginning. */
export function hospitalOf(course: Course, site: SiteConfig, sink: (sent: Sent) => void): DemoHospital {
  const parameters = readParameters(parse(readFileSync(join(folder(), 'parameters.yaml'), 'utf8')));
  const scenario = course.scenario && { of: readScenario(course.scenario.name), begin: course.scenario.begin };
  return new DemoHospital({ site, parameters, seed: course.seed, start: course.from, volume: volumeOf(course.rate), ...(scenario ? { scenario } : {}) }, sink);
}

/**
 * When the demo's clock starts, epoch ms: at `now`, or at a time of day and a day of the site's zone.
 * @param day yyyy-MM-dd
 * @param timeOfDay HH:mm
 */
export function clockStart(now: number, zone: string, day: string | undefined, timeOfDay: string | undefined): number {
  if (day === undefined && timeOfDay === undefined) return now;
  const date = day === undefined ? DateTime.fromMillis(now, { zone }).startOf('day') : DateTime.fromISO(day, { zone });
  if (!date.isValid) throw new Error(`--day ${day}: write a day such as 2026-03-03`);
  const time = DateTime.fromFormat(timeOfDay ?? '09:00', 'H:mm', { zone });
  if (!time.isValid) throw new Error(`--begin ${timeOfDay}: write a time such as 09:00`);
  return date.set({ hour: time.hour, minute: time.minute }).toMillis();
}

/** In which day the simulation begins so that `days` whole ones of the site lie before the day of `start`. */
export const beginningOf = (start: number, days: number, zone: string): number => DateTime.fromMillis(start, { zone }).minus({ days }).toMillis();
