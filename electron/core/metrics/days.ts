import { DateTime, IANAZone } from 'luxon';
import { MetricError } from './errors.ts';

/** `from <= t < to`, epoch ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One calendar day of a site. A day is 23 or 25 hours long when the clocks change (Lord Howe: 23.5 or 24.5). */
export interface SiteDay extends Span {
  readonly date: string;
}

const UTC_DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;
/** How many hours a calendar remembers: a year's history asks for each again and again. */
const HOURS_KEPT = 20_000;

/** The calendar of one time zone. Remembers days, as zone arithmetic is a thousand times slower than a look-up. */
export class SiteDays {
  readonly #zone: string;
  readonly #days = new Map<number, SiteDay[]>();
  readonly #times = new Map<string, number>();
  readonly #hours = new Map<number, Span[]>();

  /** @throws MetricError when `zone` is not an IANA zone. */
  constructor(zone: string) {
    if (!IANAZone.isValidZone(zone)) throw new MetricError('site.timezone', `${zone} is not a time zone`);
    this.#zone = zone;
  }

  /** The site's day that holds the moment `t` (epoch ms). */
  dayOf(t: number): SiteDay {
    const key = Math.floor(t / UTC_DAY);
    const known = this.#days.get(key) ?? [];
    const hit = known.find((day) => day.from <= t && t < day.to);
    if (hit) return hit;
    const start = DateTime.fromMillis(t, { zone: this.#zone }).startOf('day');
    const day = { date: start.toISODate()!, from: this.#firstOf(start), to: this.#firstOf(start.plus({ days: 1 }).startOf('day')) };
    this.#days.set(key, [...known, day]);
    return day;
  }

  /**
   * The site's hour that holds the moment `t` (epoch ms): from one full hour of the wall's clock to the next. Zones at
   * odd quarters have their own hours. Where clocks change by half an hour, the hours beside the change are shorter;
   * an hour that the wall shows twice is two.
   */
  hourOf(t: number): Span {
    const key = Math.floor(t / HOUR);
    const known = this.#hours.get(key) ?? [];
    const hit = known.find((hour) => hour.from <= t && t < hour.to);
    if (hit) return hit;
    const offset = this.#offset(t);
    const full = Math.floor((t + offset) / HOUR) * HOUR - offset;
    const hour = { from: this.#offset(full) === offset ? full : this.#changeBetween(full, t), to: this.#offset(full + HOUR - 1) === offset ? full + HOUR : this.#changeBetween(t, full + HOUR - 1) };
    if (this.#hours.size > HOURS_KEPT) this.#hours.clear();
    this.#hours.set(key, [...known, hour]);
    return hour;
  }

  /** Epoch ms of wall time `HH:mm` on a day; 24:00 is its end. */
  at(day: SiteDay, time: string): number {
    if (time === '24:00') return day.to;
    const key = `${day.date} ${time}`;
    const known = this.#times.get(key);
    if (known !== undefined) return known;
    const [hour, minute] = time.split(':').map(Number);
    const t = DateTime.fromMillis(day.from, { zone: this.#zone }).set({ hour: hour!, minute: minute! }).toMillis();
    this.#times.set(key, t);
    return t;
  }

  /** Offset from UTC in ms. */
  #offset(t: number): number {
    return DateTime.fromMillis(t, { zone: this.#zone }).offset * MINUTE;
  }

  /** The first of two midnights, where clocks go back to it (Havana, Azores): Luxon may name the second. */
  #firstOf(midnight: DateTime): number {
    const t = midnight.toMillis();
    const before = DateTime.fromMillis(t - 1, { zone: this.#zone });
    return before.toISODate() === midnight.toISODate() ? t - (before.offset - midnight.offset) * MINUTE : t;
  }

  /** First moment after `from`, up to `to`, at which the offset is that of `to`. */
  #changeBetween(from: number, to: number): number {
    const after = this.#offset(to);
    let low = from;
    let high = to;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#offset(middle) === after) high = middle;
      else low = middle;
    }
    return high;
  }
}

const calendars = new Map<string, SiteDays>();

/** The calendar of a zone; one a zone, as its days never change. */
export function siteDays(zone: string): SiteDays {
  const known = calendars.get(zone);
  if (known) return known;
  const calendar = new SiteDays(zone);
  calendars.set(zone, calendar);
  return calendar;
}
