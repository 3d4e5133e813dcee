const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(key: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${key} ${zone}`;
  let found = formatters.get(id);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    formatters.set(id, found);
  }
  return found;
}

/** `14:32` in the site's zone. */
export const clockMinute = (ms: number, zone: string): string =>
  formatter('hm', zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);

/** Seconds of the minute, `07`. Zones differ by whole minutes today, so seconds need none. */
export const clockSecond = (ms: number): string => String(Math.floor((((ms % 60_000) + 60_000) % 60_000) / 1000)).padStart(2, '0');

/** `14`, the hour of day in the site's zone. */
export const clockHour = (ms: number, zone: string): string => clockMinute(ms, zone).slice(0, 2);

/** `Tue 18 Nov` in the site's zone. */
export const calendarDay = (ms: number, zone: string): string =>
  formatter('day', zone, { weekday: 'short', day: '2-digit', month: 'short' }).format(ms).replace(',', '');

/** Age of data: `4 s`, `14 min`, `9 h 24`, `3 d`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
  return `${Math.floor(minutes / 1440)} d`;
}

/** Length of a window: `8 h`, `45 min`, `7 d`. */
export function windowText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 96 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** `18 Nov 2025, 14:32` in the site's zone. */
export const calendarMinute = (ms: number, zone: string): string =>
  formatter('date', zone, { day: '2-digit', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
