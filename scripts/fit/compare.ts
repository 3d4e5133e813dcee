import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { runClaims, runDemo } from './run-demo.ts';
import type { Measured } from './simulated.ts';
import { claims, measure, p50and90 } from './simulated.ts';

const observedSchema = z.record(z.string(), z.strictObject({ unit: z.string(), from: z.string(), n: z.int(), p50: z.number(), p90: z.number() }));
export type Observed = z.infer<typeof observedSchema>;

export const readObserved = (): Observed => observedSchema.parse(parse(readFileSync(join(import.meta.dirname, '../../resources/demo/observed.yaml'), 'utf8')));

export type Compared = { name: string; unit: string; n: number; data: [number, number]; simulated: [number, number]; values: number };

/** What the running hospital shows beside what the data show. */
export function compare(days: number): Compared[] {
  const measured: Measured = new Map([...measure(runDemo(days)), ...claims(runClaims())]);
  return Object.entries(readObserved()).flatMap(([name, { unit, n, p50, p90 }]) => {
    const values = measured.get(name);
    return values ? [{ name, unit, n, data: [p50, p90] as [number, number], simulated: p50and90(values), values: values.length }] : [];
  });
}

export type Moved = { scenario: string; name: string; usual: [number, number]; then: [number, number] };

const WATCHED = ['ed.registration_to_triage', 'ed.door_to_provider', 'ed.length_of_stay', 'ed.boarding_time', 'beds.clean_turnaround', 'lab.turnaround@STAT', 'lab.turnaround@routine', 'or.first_case_delay', 'or.in_room', 'or.turnover'];
const SEEDS = ['1', '2', '3'];
const SCENARIO_DAYS = 1;
/** A smaller change is not told. */
const MOVES = 0.15;

/** What moves in the first day of a scenario, against the same day without it, over several seeds. */
export function scenarioMoves(scenarios: readonly string[]): Moved[] {
  const pooled = (scenario?: string): Measured => {
    const runs = SEEDS.map((seed) => measure(runDemo(SCENARIO_DAYS, scenario, seed)));
    return new Map(WATCHED.map((name) => [name, runs.flatMap((run) => run.get(name)!).sort((a, b) => a - b)]));
  };
  const usual = pooled();
  return scenarios.flatMap((scenario) => {
    const then = pooled(scenario);
    return WATCHED.flatMap((name) => {
      const [before, after] = [usual.get(name)!, then.get(name)!];
      const [from, to] = [p50and90(before), p50and90(after)];
      const moved = [0, 1].some((at) => Math.abs(to[at]! / from[at]! - 1) > MOVES);
      return moved && differ(before, after) ? [{ scenario, name, usual: from, then: to }] : [];
    });
  });
}

/** Kolmogorov and Smirnov's test of two samples at 0.1%: what differs less may be chance. */
function differ(a: readonly number[], b: readonly number[]): boolean {
  let far = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i]!, b[j]!);
    while (a[i] === x) i += 1;
    while (b[j] === x) j += 1;
    far = Math.max(far, Math.abs(i / a.length - j / b.length));
  }
  return far > 1.95 * Math.sqrt((a.length + b.length) / (a.length * b.length));
}
