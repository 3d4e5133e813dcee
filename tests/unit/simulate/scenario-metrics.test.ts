import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { Scope } from '#shared/metrics/result.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import { scenarioSchema } from '#core/simulate/hospital/scenario.ts';
import { HOUR } from '#core/simulate/hospital/time.ts';
import { demo } from './demo.ts';
import { Folded } from './folded.ts';

// Days of a hospital are computed and folded, on machines that do other things too.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const read = (name: string) => scenarioSchema.parse(parse(readFileSync(fileURLToPath(new URL(`../../../resources/demo/scenarios/${name}.yaml`, import.meta.url)), 'utf8')));
/** A scenario begins at ten of the simulated Tuesday. */
const BEGIN_HOUR = 10;
const LASTS_HOURS = 12;

/** What the metric library, as boards ask it, says of the hours since a scenario began, as far as Vigil was told by then. */
class Told {
  readonly #hourly: ReadonlyMap<string, readonly (number | null)[]>;

  constructor(scenario?: string) {
    const begin = demo().hospital.now + BEGIN_HOUR * HOUR;
    const { hospital, sent } = demo(scenario === undefined ? {} : { scenario: { of: read(scenario), begin } });
    const folded = new Folded();
    const hourly = new Map<string, (number | null)[]>(ASKED.map(([name]) => [name, []]));
    for (let at = begin; at <= begin + LASTS_HOURS * HOUR; at += HOUR) {
      hospital.run(at);
      folded.add(sent.splice(0));
      for (const [name, metric, scope] of ASKED) {
        const answer = evaluate(folded.house, { metric, scope, at, from: begin, to: at });
        hourly.get(name)!.push('p90' in answer ? answer.p90 : 'value' in answer ? answer.value : null);
      }
    }
    this.#hourly = hourly;
  }

  /** At the end of an hour since the beginning. */
  at(name: string, hour: number): number {
    return this.#hourly.get(name)![hour]!;
  }

  most(name: string): number {
    return Math.max(...this.#hourly.get(name)!.map((value) => value ?? -Infinity));
  }

  mean(name: string): number {
    const known = this.#hourly.get(name)!.filter((value) => value !== null);
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  }
}

const ASKED: readonly (readonly [name: string, metric: string, scope: Scope])[] = [
  ...['ed.census', 'ed.waiting', 'ed.nedocs', 'ed.door_to_provider', 'ed.length_of_stay', 'ed.boarding_time', 'lab.pending', 'lab.overdue', 'beds.dirty', 'beds.clean_turnaround', 'or.rooms_after_prime_time', 'or.turnover'].map((id) => [id, id, {}] as const),
  ['lab.turnaround STAT', 'lab.turnaround', { priority: 'STAT' }],
];

describe('given a scenario, when it runs, then the metrics of the boards move as it says', () => {
  let usual: Told;
  beforeAll(() => {
    usual = new Told();
  });

  it('analyser outage: what is pending and overdue grows, STAT results take longer', () => {
    const told = new Told('analyser-outage');
    expect(told.most('lab.pending')).toBeGreaterThan(1.5 * usual.most('lab.pending'));
    expect(told.most('lab.overdue')).toBeGreaterThan(2 * usual.most('lab.overdue'));
    expect(told.at('lab.turnaround STAT', LASTS_HOURS)).toBeGreaterThan(1.3 * usual.at('lab.turnaround STAT', LASTS_HOURS));
  });

  it('EVS shortage: beds stay dirty, cleaning takes longer', () => {
    const told = new Told('evs-shortage');
    expect(told.most('beds.dirty')).toBeGreaterThan(2 * usual.most('beds.dirty'));
    expect(told.at('beds.clean_turnaround', LASTS_HOURS)).toBeGreaterThan(2 * usual.at('beds.clean_turnaround', LASTS_HOURS));
  });

  it('mass casualties: the department is crowded, providers come later', () => {
    const told = new Told('mass-casualty');
    expect(told.at('ed.census', 2)).toBeGreaterThan(usual.at('ed.census', 2) + 25);
    expect(told.most('ed.nedocs')).toBeGreaterThan(usual.most('ed.nedocs') + 20);
    expect(told.at('ed.door_to_provider', 4)).toBeGreaterThan(2 * usual.at('ed.door_to_provider', 4));
  });

  it('winter surge: more patients in the department, more crowded', () => {
    const told = new Told('winter-surge');
    expect(told.mean('ed.census')).toBeGreaterThan(1.1 * usual.mean('ed.census'));
    expect(told.mean('ed.nedocs')).toBeGreaterThan(1.05 * usual.mean('ed.nedocs'));
  });

  it('OR overrun: rooms run after prime time, turnovers drag', () => {
    const told = new Told('or-overrun');
    expect(told.most('or.rooms_after_prime_time')).toBeGreaterThan(usual.most('or.rooms_after_prime_time') + 2);
    expect(told.at('or.turnover', LASTS_HOURS)).toBeGreaterThan(1.2 * usual.at('or.turnover', LASTS_HOURS));
  });

  it('feed outage: what the bed system says stands still while it is silent, and is as usual when it has caught up', () => {
    const told = new Told('feed-outage');
    // Silent from a quarter past the beginning for two hours: nothing is cleaned as far as anybody knows.
    expect(told.at('beds.clean_turnaround', 2)).toBe(told.at('beds.clean_turnaround', 1));
    expect(usual.at('beds.clean_turnaround', 2)).not.toBe(usual.at('beds.clean_turnaround', 1));
    expect(told.at('beds.dirty', 2)).not.toBe(usual.at('beds.dirty', 2));
    for (const name of ['beds.dirty', 'beds.clean_turnaround', 'lab.pending', 'lab.turnaround STAT']) expect(told.at(name, 4), name).toBe(usual.at(name, 4));
  });
});
