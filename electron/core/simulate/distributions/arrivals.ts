import { z } from 'zod';
import type { Random } from '../engine/random.ts';

const HOURS = 24;
const DAYS = 7;
const WEEK = DAYS * HOURS * 60;

const weights = (count: number) =>
  z
    .array(z.number().min(0))
    .length(count)
    .refine((all) => all.some((weight) => weight > 0), 'some weight lies above zero');

/** Arrivals of a week in local time. Weights are relative: only their proportions count. */
export const weeklyArrivalsSchema = z.strictObject({
  /** Mean of the seven days. */
  perDay: z.number().min(0),
  /** From midnight. */
  byHour: weights(HOURS),
  /** From Monday. */
  byDay: weights(DAYS),
});
export type WeeklyArrivals = z.infer<typeof weeklyArrivalsSchema>;

const share = (all: readonly number[], at: number): number =>
  (all[at]! * all.length) / all.reduce((sum, weight) => sum + weight, 0);

/** Arrivals a minute, for each of the 168 hours of a week from Monday 00:00. */
export function hourlyRates(arrivals: WeeklyArrivals): number[] {
  return Array.from({ length: DAYS * HOURS }, (_, hour) => {
    const day = share(arrivals.byDay, Math.floor(hour / HOURS));
    return (arrivals.perDay / (HOURS * 60)) * day * share(arrivals.byHour, hour % HOURS);
  });
}

/**
 * The next arrival of a Poisson process whose rate follows the hour of the week, by thinning (Lewis & Shedler 1979):
 * candidates come at the highest rate, each is kept with the rate of its own hour over the highest.
 * @param rates of `hourlyRates`
 * @param minuteOfWeek local, 0 is Monday 00:00
 * @returns minutes until then, or Infinity when nobody ever comes
 */
export function minutesToNextArrival(rates: readonly number[], minuteOfWeek: number, random: Random): number {
  const highest = Math.max(...rates);
  if (!(highest > 0)) return Number.POSITIVE_INFINITY;
  let waited = 0;
  for (;;) {
    waited -= Math.log1p(-random.next()) / highest;
    const hour = Math.floor(((minuteOfWeek + waited) % WEEK) / 60);
    if (random.next() * highest < rates[hour]!) return waited;
  }
}
