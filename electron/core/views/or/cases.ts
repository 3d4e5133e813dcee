import { predictRoom, type Prediction } from '../../metrics/computations/or-prediction.ts';
import { casesOf, type RoomCase } from '../../metrics/computations/or-rooms.ts';
import { perVersion } from '../../metrics/per-version.ts';
import { siteDays, type SiteDay } from '../../metrics/days.ts';
import type { House } from '../../domain/house.ts';
import { bounds, cameInAt } from '../../domain/or/progress.ts';
import type { OrCaseState } from '../../domain/or/state.ts';
import type { Moment } from '../context.ts';
import { today } from '../day.ts';
import { orRoom } from '../seen.ts';

/** One case on the board of today. `number` runs within the room: a key without meaning outside the board. */
export interface BoardCase extends RoomCase {
  readonly number: number;
}

const orderTime = (c: RoomCase) => c.scheduledStart ?? cameInAt(c) ?? Infinity;

/**
 * A case stands on the board of the day it is scheduled for or came into the room on; also when it came in the day
 * before and was not out at midnight. One that never got out is forgotten the day after.
 */
function isOnBoard(house: House, day: SiteDay): (c: OrCaseState) => boolean {
  const dayBefore = siteDays(house.site.timezone).dayOf(day.from - 1);
  const inDay = (t: number | undefined) => t !== undefined && t >= day.from && t < day.to;
  return (c) => {
    const begun = cameInAt(c);
    if (inDay(c.scheduledStart) || inDay(begun)) return true;
    const overnight = begun !== undefined && begun >= dayBefore.from && begun < day.from;
    return overnight && bounds(c, day.from - 1).outOfRoom === undefined;
  };
}

function byRoom(house: House, day: SiteDay): ReadonlyMap<string, readonly BoardCase[]> {
  const onBoard = isOnBoard(house, day);
  const rooms = new Map<string, RoomCase[]>();
  for (const orCase of casesOf(house)) {
    if (!onBoard(orCase)) continue;
    const cases = rooms.get(orCase.room) ?? [];
    rooms.set(orCase.room, cases);
    cases.push(orCase);
  }
  const numbered = (cases: RoomCase[]) =>
    cases.sort((a, b) => orderTime(a) - orderTime(b) || (a.id < b.id ? -1 : 1)).map((orCase, i) => ({ ...orCase, number: i + 1 }));
  return new Map([...rooms].map(([room, cases]) => [room, numbered(cases)]));
}

const boards = perVersion(() => new Map<number, ReturnType<typeof byRoom>>(), 'or-case');

/** Cases on the board of today, by room, in the order of the plan; kept for the day until a case changes. */
export function boardCases(moment: Moment): ReadonlyMap<string, readonly BoardCase[]> {
  const day = today(moment);
  const known = boards(moment.house);
  let board = known.get(day.from);
  if (!board) known.set(day.from, (board = byRoom(moment.house, day)));
  return board;
}

/** Rooms of the site, those that reported a status and those with cases today; the site's order first. */
export function rooms(moment: Moment): ReadonlySet<string> {
  const { house } = moment;
  const seen = [...house.all('or-room').keys(), ...boardCases(moment).keys()];
  return new Set([...house.site.or.rooms.map(({ id }) => id), ...seen.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))]);
}

/** Whether anything was ever told of operating rooms: without it there is no board. */
export const hasOperatingRooms = ({ house }: Moment): boolean => orRoom(house) || house.all('or-room').size > 0;

/** How the room's day goes on; undefined when that cannot be told. */
export function prediction(room: string, { house, now }: Moment): Prediction | undefined {
  const told = predictRoom(house, room, now);
  return typeof told === 'string' ? undefined : told;
}
