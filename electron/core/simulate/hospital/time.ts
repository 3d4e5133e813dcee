import { DateTime } from 'luxon';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let minute = -1;
let prefix = '';

/** RFC 3339 in UTC with milliseconds. Most calls speak of the minute of the one before. */
export function iso(time: number): string {
  const whole = Math.trunc(time);
  if (Math.floor(whole / MINUTE) !== minute) {
    minute = Math.floor(whole / MINUTE);
    prefix = new Date(whole).toISOString().slice(0, 17);
  }
  const ms = whole - minute * MINUTE;
  return `${prefix}${String(Math.floor(ms / SECOND)).padStart(2, '0')}.${String(ms % SECOND).padStart(3, '0')}Z`;
}

interface LocalDay {
  readonly from: number;
  readonly to: number;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
}

/** No zone's midnight lies within a quarter of an hour. */
const QUARTER = 15 * MINUTE;

/** The site's calendar: days and hours of its zone, for epoch ms. */
export class Calendar {
  readonly zone: string;
  readonly #days = new Map<number, LocalDay>();

  constructor(zone: string) {
    this.zone = zone;
  }

  /** Local midnight that begins the day of `time`. */
  dayStart(time: number): number {
    return this.#day(time).from;
  }

  /** Local midnight that ends the day of `time`. */
  dayEnd(time: number): number {
    return this.#day(time).to;
  }

  /** 0 to 23, as the site's clocks show. */
  hour(time: number): number {
    const { from, to } = this.#day(time);
    return to - from === DAY ? Math.floor((time - from) / HOUR) : DateTime.fromMillis(time, { zone: this.zone }).hour;
  }

  /**
   * The moment of the day of `time` at which the site's clocks show so many hours; one that they skip is as much later
   * as they skip.
   */
  at(time: number, hours: number): number {
    const { from, to } = this.#day(time);
    if (to - from === DAY) return from + hours * HOUR;
    const hour = Math.floor(hours);
    return DateTime.fromMillis(from, { zone: this.zone }).set({ hour }).toMillis() + (hours - hour) * HOUR;
  }

  /** 1 Monday to 7 Sunday. */
  weekday(time: number): number {
    return this.#day(time).weekday;
  }

  /** The next moment after `time` at which the site's clocks show an hour. */
  next(time: number, hour: number): number {
    const today = this.at(time, hour);
    return today > time ? today : this.at(this.dayEnd(time), hour);
  }

  day(time: number): string {
    return DateTime.fromMillis(time, { zone: this.zone }).toISODate()!;
  }

  #day(time: number): LocalDay {
    const quarter = Math.floor(time / QUARTER);
    let day = this.#days.get(quarter);
    if (!day) {
      const start = DateTime.fromMillis(time, { zone: this.zone }).startOf('day');
      day = { from: start.toMillis(), to: start.plus({ days: 1 }).toMillis(), weekday: start.weekday };
      this.#days.set(quarter, day);
    }
    return day;
  }
}
