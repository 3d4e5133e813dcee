import { DateTime, IANAZone } from 'luxon';
import { MetricError } from './errors.ts';

/** One calendar day of a site. Bounds are epoch ms; a day is 23 or 25 hours long when the clocks change. */
export interface SiteDay {
  readonly date: string;
  readonly from: number;
  readonly to: number;
}

const UTC_DAY = 86_400_000;

/** The calendar of one time zone. Remembers days, as zone arithmetic is a thousand times slower than a look-up. */
export class SiteDays {
  readonly #zone: string;
  readonly #days = new Map<number, SiteDay[]>();
  readonly #times = new Map<string, number>();

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
    const day = { date: start.toISODate()!, from: start.toMillis(), to: start.plus({ days: 1 }).startOf('day').toMillis() };
    this.#days.set(key, [...known, day]);
    return day;
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
