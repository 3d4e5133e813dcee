import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { siteConfigSchema } from '#shared/site.ts';
import { createRandom } from '#core/simulate/engine/random.ts';
import { Simulation } from '#core/simulate/engine/simulation.ts';
import type { Envelope, Sent } from '#core/simulate/hospital/emitter.ts';
import { Emitter } from '#core/simulate/hospital/emitter.ts';
import { DemoHospital } from '#core/simulate/hospital/hospital.ts';
import { Levers } from '#core/simulate/hospital/levers.ts';
import { People } from '#core/simulate/hospital/people.ts';
import { Revenue } from '#core/simulate/hospital/revenue.ts';
import { scenarioSchema } from '#core/simulate/hospital/scenario.ts';
import { Calendar } from '#core/simulate/hospital/time.ts';
import { readParameters } from '#core/simulate/parameters.ts';

const RESOURCES = join(import.meta.dirname, '../../resources');
const DAY = 86_400_000;
const SEED = 'fit';
/** A Monday noon in the hospital's zone. */
const START = Date.parse('2026-03-02T17:00:00Z');
/** Days in which queues and wards settle. */
const WARM = 2;
/** The longest stages take over a year; claims opened before are over at the end. */
const CLAIM_DAYS = 1000;
const OPENING_DAYS = 100;
const CLAIMS = 4000;

const read = (path: string): unknown => parse(readFileSync(join(RESOURCES, path), 'utf8'));
const site = () => siteConfigSchema.parse(read('sites/demo.yaml'));
const parameters = () => readParameters(read('demo/parameters.yaml'));

/** Events of the demo hospital as shipped, over `days` days after those in which it settles; a scenario begins with them, at noon. */
export function runDemo(days: number, scenario?: string, seed = SEED): Envelope[] {
  const sent: Sent[] = [];
  const begin = START + WARM * DAY;
  const of = scenario === undefined ? undefined : scenarioSchema.parse(read(`demo/scenarios/${scenario}.yaml`));
  const hospital = new DemoHospital({ site: site(), parameters: parameters(), seed, start: START, ...(of && { scenario: { of, begin } }) }, (one) => sent.push(one));
  hospital.run(begin + days * DAY);
  return sent.flatMap(({ at, envelope }) => (at >= begin ? [envelope] : []));
}

/** Events of claims followed to their end: a run of days sees only those that are short. */
export function runClaims(): Envelope[] {
  const sent: Envelope[] = [];
  const simulation = new Simulation(START);
  const document = site();
  const root = createRandom(SEED);
  let count = 0;
  const revenue = new Revenue({
    ...{ simulation, site: document, parameters: parameters(), levers: new Levers(), people: new People(root.stream('people'), 2026) },
    calendar: new Calendar(document.timezone),
    // Its own arrivals are few beside those opened here.
    volume: 0.001,
    emitter: new Emitter(simulation, { ...document, seed: SEED }, ({ envelope }) => sent.push(envelope)),
    random: (name) => root.stream(name),
    number: (prefix) => `${prefix}-${++count}`,
  });
  const opened = root.stream('opened');
  for (let i = 0; i < CLAIMS; i += 1) simulation.at(START + opened.next() * OPENING_DAYS * DAY, () => revenue.open('Inpatient', 1));
  simulation.run(START + CLAIM_DAYS * DAY);
  return sent;
}
