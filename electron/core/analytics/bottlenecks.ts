import { DateTime } from 'luxon';
import type { CoursePoint } from './course.ts';

/** How often a metric was beyond its threshold in one hour of the day (0-23) or on one day of the week (1 Monday - 7). */
export interface Recurrence {
  readonly slot: number;
  /** Hours in which the value was known. */
  readonly observed: number;
  /** Of these, how many were beyond. */
  readonly beyond: number;
  /** Hours in which it was not known; they say nothing, neither good nor bad. */
  readonly unknown: number;
  /** beyond / observed; null where nothing was observed. */
  readonly share: number | null;
}

export interface Bottlenecks {
  readonly hours: Recurrence[];
  readonly days: Recurrence[];
}

/**
 * In which hours of the day and on which days of the week the hourly course of a metric was beyond its threshold, in
 * the site's time zone. `isBeyond` judges a known value.
 */
export function bottlenecks(points: readonly CoursePoint[], zone: string, isBeyond: (value: number) => boolean): Bottlenecks {
  const hours = Array.from({ length: 24 }, (_, slot) => tally(slot));
  const days = Array.from({ length: 7 }, (_, i) => tally(i + 1));
  for (const { from, value } of points) {
    const local = DateTime.fromMillis(from, { zone });
    for (const slot of [hours[local.hour]!, days[local.weekday - 1]!]) {
      if (value === null) slot.unknown++;
      else slot.observed++;
      if (value !== null && isBeyond(value)) slot.beyond++;
    }
  }
  return { hours: hours.map(shared), days: days.map(shared) };
}

const tally = (slot: number) => ({ slot, observed: 0, beyond: 0, unknown: 0 });

const shared = (of: ReturnType<typeof tally>): Recurrence => ({ ...of, share: of.observed === 0 ? null : of.beyond / of.observed });

/** Those that keep coming back: observed at least `least` times, beyond in at least the given share of them. */
export const recurring = (all: readonly Recurrence[], least: number, share: number): Recurrence[] => all.filter((one) => one.observed >= least && one.share !== null && one.share >= share);
