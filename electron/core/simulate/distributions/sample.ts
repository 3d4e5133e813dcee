import type { Random } from '../engine/random.ts';
import type { Distribution } from './distribution.ts';
import { quantile } from './measures.ts';

/**
 * One value, by inversion: every family takes exactly one number from the stream. Two runs that differ in one
 * parameter therefore stay in step, and their difference is that of the parameter, not of other chance (common random
 * numbers, Law, Simulation Modeling and Analysis, 5th ed., section 11.2).
 */
export const sample = (of: Distribution, random: Random): number => quantile(of, random.next());

/** One of the choices, each as often as its weight among all. @throws when no weight is above zero */
export function choose<T extends { share: number }>(choices: readonly T[], random: Random): T {
  const total = choices.reduce((sum, choice) => sum + choice.share, 0);
  if (!(total > 0)) throw new RangeError('no choice has a share above zero');
  let left = random.next() * total;
  for (const choice of choices) {
    left -= choice.share;
    if (left < 0) return choice;
  }
  return choices.findLast((choice) => choice.share > 0)!;
}
