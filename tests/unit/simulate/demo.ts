import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { siteConfigSchema } from '#shared/site.ts';
import type { Sent } from '#core/simulate/hospital/emitter.ts';
import { DemoHospital, type HospitalOptions } from '#core/simulate/hospital/hospital.ts';
import { readParameters } from '#core/simulate/parameters.ts';

const read = (path: string): unknown => parse(readFileSync(fileURLToPath(new URL(`../../../resources/${path}`, import.meta.url)), 'utf8'));

export const SITE = siteConfigSchema.parse(read('sites/demo.yaml'));
export const PARAMETERS = readParameters(read('demo/parameters.yaml'));
/** A Tuesday morning in the hospital's zone. */
export const START = Date.parse('2026-03-03T12:00:00Z');

/** The demo hospital as it is shipped, from the midnight before START, and what it has sent so far. */
export function demo(options: Partial<HospitalOptions> = {}): { hospital: DemoHospital; sent: Sent[] } {
  const sent: Sent[] = [];
  return { hospital: new DemoHospital({ site: SITE, parameters: PARAMETERS, seed: '1', start: START, ...options }, (one) => sent.push(one)), sent };
}
