import type { UnitKind } from '#shared/events/fields.ts';
import type { SiteConfig, UnitConfig } from '#shared/site.ts';
import type { Distribution } from '../distributions/distribution.ts';
import { sample } from '../distributions/sample.ts';
import type { Random } from '../engine/random.ts';
import type { Process, Simulation, Wait } from '../engine/simulation.ts';
import type { Emitter, Feed } from './emitter.ts';
import type { Levers } from './levers.ts';
import type { Parameters } from './parameters.ts';
import type { People } from './people.ts';
import { MINUTE, type Calendar } from './time.ts';

/** What every part of the hospital works with. */
export interface World {
  readonly simulation: Simulation;
  readonly calendar: Calendar;
  readonly site: SiteConfig;
  readonly parameters: Parameters;
  readonly levers: Levers;
  readonly people: People;
  readonly emitter: Emitter;
  /** Orders, results and doses per patient, as a multiple of the usual. */
  readonly volume: number;
  /** A stream of chance of one's own. */
  random(name: string): Random;
  number(prefix: string): string;
}

/** Emits as one feed. */
export const speaker = (world: World, feed: Feed) => (type: string, data: Record<string, unknown>, time?: number) => world.emitter.emit(feed, type, data, time);

/** A duration in ms from a distribution in minutes. */
export const minutes = (of: Distribution, random: Random): number => Math.max(0, sample(of, random)) * MINUTE;

export const chance = (share: number, random: Random): boolean => random.next() < share;

/** Index by weight. */
export function pick(weights: readonly number[], random: Random): number {
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const at = weights.findIndex((weight) => (left -= weight) < 0);
  return at < 0 ? weights.length - 1 : at;
}

/** Key by weight. */
export function pickKey(weights: Readonly<Record<string, number>>, random: Random): string {
  const keys = Object.keys(weights);
  return keys[pick(Object.values(weights), random)]!;
}

/** The site's units of a kind, in its order. Throws when it has none. */
export function unitsOf(world: World, kind: UnitKind): UnitConfig[] {
  const units = world.site.units.filter((unit) => unit.kind === kind);
  if (units.length === 0) throw new Error(`the demo hospital needs a unit of the kind ${kind}; the site document has none`);
  return units;
}

/**
 * Arrivals of a Poisson process whose rate follows the local hour, by thinning (Lewis and Shedler 1979). `perDay` may
 * change with time; `most` bounds it.
 */
export function* arrivals(world: World, random: Random, byHour: readonly number[], most: number, perDay: () => number, arrive: () => void): Process {
  const { simulation, calendar } = world;
  const total = byHour.reduce((sum, weight) => sum + weight, 0);
  const highest = (most * Math.max(...byHour)) / total / 60;
  for (;;) {
    yield simulation.wait((-Math.log(random.next()) / highest) * MINUTE);
    const rate = (perDay() * byHour[calendar.hour(simulation.now)]!) / total / 60;
    if (random.next() * highest < rate) arrive();
  }
}

/** Lets processes wait until a number of things is done. */
export class Gate {
  #open: number;
  #resume: (() => void) | undefined;

  constructor(count: number) {
    this.#open = count;
  }

  done(): void {
    if (--this.#open === 0) this.#resume?.();
  }

  wait(): Wait {
    return (resume) => {
      if (this.#open <= 0) resume();
      else this.#resume = resume;
    };
  }
}
