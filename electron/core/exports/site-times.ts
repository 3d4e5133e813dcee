import { IANAZone } from 'luxon';

const QUARTER = 15 * 60_000;
const MINUTE = 60_000;
/** Quarters remembered: four months of them. */
const REMEMBERED = 12_000;

export interface SiteTimes {
  /** ISO 8601 in the site's zone with its offset, to the millisecond. */
  local(at: number): string;
  utc(at: number): string;
  /** Days since 1899-12-30 on the site's wall clock: how spreadsheets count (ECMA-376 part 1, 18.17.4.1). */
  serial(at: number): number;
}

/** Writes epoch ms as people of the site read them. Zones change at quarters of an hour: the offset of each is asked for once. */
export function siteTimes(name: string): SiteTimes {
  const zone = IANAZone.create(name);
  const offsets = new Map<number, number>();
  const offset = (at: number): number => {
    const quarter = Math.floor(at / QUARTER);
    let minutes = offsets.get(quarter);
    if (minutes === undefined) {
      if (offsets.size >= REMEMBERED) offsets.clear();
      offsets.set(quarter, (minutes = zone.offset(at)));
    }
    return minutes;
  };
  const two = (n: number) => String(n).padStart(2, '0');
  return {
    local: (at) => {
      const minutes = offset(at);
      const size = Math.abs(minutes);
      return `${new Date(at + minutes * MINUTE).toISOString().slice(0, -1)}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(Math.floor(size % 60))}`;
    },
    utc: (at) => new Date(at).toISOString(),
    serial: (at) => (at + offset(at) * MINUTE) / 86_400_000 + 25_569,
  };
}
