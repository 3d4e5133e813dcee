import type { OrCaseItem, OrDayItem, OrRoomItem } from '#shared/views/boards.ts';

export const HOUR = 3_600_000;
/** The axis reaches out for the now line this far, and for what was over before prime time. */
const NEAR = 2 * HOUR;
/** Least distance of two hour labels, and of one from the tag of now: their widths and a gap, at u = 16.5. */
const LABEL_PX = 44;
const TAG_PX = 52;

export interface Axis {
  from: number;
  to: number;
  x0: number;
  x1: number;
}

/** Epoch ms to px, held at the ends of the axis. */
export const xOf = ({ from, to, x0, x1 }: Axis, t: number): number => x0 + ((Math.min(Math.max(t, from), to) - from) / (to - from)) * (x1 - x0);

/**
 * Hours that the timeline shows: prime time, wider by whole hours where cases begin before or are expected to end
 * after it, and for the now line when it is near; never beyond the day. By day a case that was over long before prime time
 * does not widen it: a night's emergency would press the day into a corner. The site's day and prime time begin on whole hours of UTC in all but a few zones;
 * there the hour lines follow the start of the day.
 */
export function hoursShown(day: OrDayItem, rooms: readonly OrRoomItem[], now: number): { from: number; to: number } {
  let from = day.primeFrom;
  let to = day.primeTo + HOUR;
  if (now < from && from - now <= NEAR) from = now;
  if (now > to && now - to <= NEAR) to = now;
  for (const { cases } of rooms) {
    for (const c of cases) {
      if (isOfTheNight(c, day, now)) continue;
      for (const t of [c.inRoom, c.scheduledStart]) if (t !== null) from = Math.min(from, t);
      for (const t of [c.outOfRoom, c.predictedEnd, c.scheduledEnd]) if (t !== null) to = Math.max(to, t);
    }
  }
  const hours = (ms: number): number => (ms - day.from) / HOUR;
  return {
    from: Math.max(day.from, day.from + Math.floor(hours(from)) * HOUR),
    to: Math.min(Math.max(day.to, day.primeTo + HOUR), day.from + Math.ceil(hours(to)) * HOUR),
  };
}

/** Over long before prime time, while the day is on. */
function isOfTheNight({ outOfRoom }: OrCaseItem, { primeFrom }: OrDayItem, now: number): boolean {
  return now >= primeFrom - NEAR && outOfRoom !== null && outOfRoom <= primeFrom - NEAR;
}

/** How many cases were over before the axis begins. */
export const casesBefore = ({ from }: Pick<Axis, 'from'>, rooms: readonly OrRoomItem[]): number =>
  rooms.flatMap(({ cases }) => cases).filter(({ outOfRoom }) => outOfRoom !== null && outOfRoom <= from).length;

/** Hour lines, and which of them can carry a label beside each other and the tag of now, of type that is `stretch` times as large. */
export function hourMarks(axis: Axis, day: OrDayItem, now: number, stretch = 1): { t: number; x: number; label: boolean }[] {
  const perHour = ((axis.x1 - axis.x0) * HOUR) / (axis.to - axis.from);
  const every = Math.max(1, Math.ceil((LABEL_PX * stretch) / perHour));
  const nowX = now >= axis.from && now <= axis.to ? xOf(axis, now) : -Infinity;
  const marks: { t: number; x: number; label: boolean }[] = [];
  for (let t = axis.from; t <= axis.to; t += HOUR) {
    const x = xOf(axis, t);
    marks.push({ t, x, label: Math.round((t - day.from) / HOUR) % every === 0 && Math.abs(x - nowX) >= TAG_PX * stretch });
  }
  return marks;
}
