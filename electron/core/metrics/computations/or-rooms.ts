import { bounds, cameInAt } from '../../domain/or/progress.ts';
import type { OrCaseState } from '../../domain/or/state.ts';
import type { House } from '../../domain/house.ts';
import { siteDays, type SiteDay } from '../days.ts';
import { MINUTE } from '../durations.ts';
import { perVersion } from '../per-version.ts';

/** Gaps over this are no turnovers: the room was empty by plan. */
const LONGEST_TURNOVER = 120 * MINUTE;

export interface RoomCase extends OrCaseState {
  readonly id: string;
  readonly room: string;
}
interface Begun extends RoomCase {
  /** Since when it held its room, epoch ms. */
  readonly from: number;
}
export interface CaseInRoom extends Begun {
  /** Until when; undefined while it holds it, or where that is not told. */
  readonly out: number | undefined;
}
export interface ScheduledCase extends RoomCase {
  readonly scheduledStart: number;
}
export interface RoomDay<C extends RoomCase> {
  readonly room: string;
  readonly day: SiteDay;
  /** In order of the time that the day was told by. */
  readonly cases: readonly C[];
}

const known = perVersion((house) => {
  const all: RoomCase[] = [];
  const byRoom = new Map<string, RoomCase[]>();
  for (const [id, state] of house.all('or-case')) {
    if (state.room === undefined) continue;
    const orCase = { ...state, id, room: state.room };
    all.push(orCase);
    const mine = byRoom.get(state.room);
    if (mine) mine.push(orCase);
    else byRoom.set(state.room, [orCase]);
  }
  return { all, byRoom };
}, 'or-case');

/** The cases that have a room; all rooms, or the one given. */
export function casesOf(house: House, room?: string): readonly RoomCase[] {
  const { all, byRoom } = known(house);
  return room === undefined ? all : (byRoom.get(room) ?? []);
}

/** Within one moment who comes in first is first, then who leaves first; names, which hang on the site's key, only at last. */
export const byMoment = (a: RoomCase, b: RoomCase): number =>
  (cameInAt(a) ?? Infinity) - (cameInAt(b) ?? Infinity) || leftBy(a) - leftBy(b) || (a.id < b.id ? -1 : 1);
const leftBy = ({ outOfRoomAt, completedAt }: RoomCase) => outOfRoomAt ?? completedAt ?? Infinity;

function roomDays<C extends RoomCase>(house: House, cases: readonly C[], time: (c: C) => number): RoomDay<C>[] {
  const days = siteDays(house.site.timezone);
  const byKey = new Map<string, { room: string; day: SiteDay; cases: C[] }>();
  for (const orCase of cases) {
    const day = days.dayOf(time(orCase));
    const key = `${day.date} ${orCase.room}`;
    const known = byKey.get(key);
    if (known) known.cases.push(orCase);
    else byKey.set(key, { room: orCase.room, day, cases: [orCase] });
  }
  for (const roomDay of byKey.values()) roomDay.cases.sort((a, b) => time(a) - time(b) || byMoment(a, b));
  return [...byKey.values()];
}

function begun(c: RoomCase): Begun[] {
  const from = cameInAt(c);
  return from === undefined ? [] : [{ ...c, from }];
}

const ran = perVersion((house) => roomDays(house, casesOf(house).flatMap(begun), ({ from }) => from), 'or-case');

const scheduled = perVersion((house) =>
  roomDays(
    house,
    casesOf(house).filter((c): c is ScheduledCase => c.scheduledStart !== undefined && c.cancelledAt === undefined),
    (c) => c.scheduledStart,
  ),
  'or-case',
);

const ofRoom = <C extends RoomCase>(all: readonly RoomDay<C>[], room: string | undefined) => all.filter((roomDay) => (room ?? roomDay.room) === roomDay.room);

/** Cases that came into a room by `at` (epoch ms), by room and site day of that time, in its order. A case cancelled in the room was there too. */
export const roomDaysRun = (house: House, at: number, room?: string): RoomDay<CaseInRoom>[] =>
  ofRoom(ran(house), room).flatMap((roomDay) => {
    const cases = roomDay.cases.filter(({ from }) => from <= at).map((c) => ({ ...c, out: bounds(c, at).outOfRoom }));
    return cases.length === 0 ? [] : [{ ...roomDay, cases }];
  });

/** Scheduled and not cancelled cases by room and site day of the scheduled start, in its order. */
export const roomDaysScheduled = (house: House, room?: string): RoomDay<ScheduledCase>[] => ofRoom(scheduled(house), room);

export interface Gap {
  readonly room: string;
  /** Patient out of room and next patient in room, epoch ms; `to` before `from` is an overlap. */
  readonly from: number;
  readonly to: number;
  readonly before: string;
  readonly after: string;
  /** Both ends were told by wheels: no start or end of a procedure stands for them. */
  readonly wheels: boolean;
}

/** Gaps between neighbouring cases of a room and day; none where the time out of room is missing. */
export const gapsOf = ({ room, cases }: RoomDay<CaseInRoom>): Gap[] =>
  cases.slice(1).flatMap((after, i) => {
    const before = cases[i]!;
    const wheels = before.outOfRoomAt !== undefined && after.inRoomAt !== undefined;
    return before.out === undefined ? [] : [{ room, from: before.out, to: after.from, before: before.id, after: after.id, wheels }];
  });

export const isOverlap = (gap: Pick<Gap, 'from' | 'to'>): boolean => gap.to < gap.from;
/** Short enough that the room was made ready for the next case. */
export const isBetweenCases = (gap: Pick<Gap, 'from' | 'to'>): boolean => gap.to >= gap.from && gap.to - gap.from <= LONGEST_TURNOVER;
/** From wheels out to wheels in. */
export const isTurnover = (gap: Pick<Gap, 'from' | 'to' | 'wheels'>): boolean => gap.wheels && isBetweenCases(gap);
