import { z } from 'zod';
import type { Random } from '../engine/random.ts';
import type { Process } from '../engine/simulation.ts';
import type { Emergency } from './emergency.ts';
import { FEEDS } from './emitter.ts';
import { LEVERS } from './levers.ts';
import { HOUR, MINUTE } from './time.ts';
import { chance, pick, type World } from './world.ts';

const change = z.strictObject({
  /** Hours after the scenario begins, and how long it lasts; without that, to the end. */
  afterHours: z.number().min(0).default(0),
  forHours: z.number().positive().optional(),
  /** Factors on the usual. */
  set: z.partialRecord(z.enum(LEVERS), z.number().min(0)).default({}),
  /** Feeds that fall silent; what they have to say comes afterwards. */
  silence: z.array(z.enum(FEEDS)).default([]),
  /** Patients who come to the emergency department in one go, with the weights of the triage levels 1 to 5. */
  casualties: z.strictObject({ count: z.int().positive(), withinMinutes: z.number().positive(), levels: z.array(z.number().min(0)).length(5), byAmbulance: z.number().min(0).max(1) }).optional(),
});

/** A scenario (`resources/demo/scenarios/*.yaml`): timed changes to the demo hospital. */
export const scenarioSchema = z.strictObject({
  title: z.string().min(1).max(80),
  describes: z.string().min(1),
  changes: z.array(change).min(1),
});
export type Scenario = z.output<typeof scenarioSchema>;

/** Lets a scenario happen from `begin` (epoch ms) on. */
export function apply(world: World, emergency: Emergency, scenario: Scenario, begin: number): void {
  for (const { afterHours, forHours, set, silence, casualties } of scenario.changes) {
    world.simulation.at(begin + afterHours * HOUR, () => {
      const undo = Object.entries(set).map(([lever, factor]) => world.levers.pull(lever as (typeof LEVERS)[number], factor));
      for (const feed of silence) world.emitter.cut(feed);
      if (casualties) world.simulation.start(arrive(world, emergency, casualties, world.random('casualties')));
      if (forHours === undefined) return;
      world.simulation.after(forHours * HOUR, () => {
        undo.forEach((takeBack) => takeBack());
        for (const feed of silence) world.emitter.restore(feed);
      });
    });
  }
}

function* arrive(world: World, emergency: Emergency, { count, withinMinutes, levels, byAmbulance }: NonNullable<Scenario['changes'][number]['casualties']>, random: Random): Process {
  for (let i = 0; i < count; i++) {
    yield world.simulation.wait(((withinMinutes * 2 * random.next()) / count) * MINUTE);
    emergency.arrive(1 + pick(levels, random), chance(byAmbulance, random));
  }
}
