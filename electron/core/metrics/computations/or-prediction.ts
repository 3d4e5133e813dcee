import { bounds, cameInAt, isCancelled, isEnded } from '../../domain/or/progress.ts';
import type { House } from '../../domain/house.ts';
import { known, unknown, type Context, type ValueOf } from '../context.ts';
import { siteDays } from '../days.ts';
import { MINUTE } from '../durations.ts';
import { byMoment, casesOf, type RoomCase } from './or-rooms.ts';

export interface Prediction {
  /** Predicted bounds of the cases that are not over, epoch ms, in the order in which they are expected. */
  readonly cases: readonly { readonly id: string; readonly start: number; readonly end: number }[];
  /** When the last of them is out of the room. */
  readonly end: number;
}

/**
 * The case whose patient is in the room at `at` (epoch ms): who came in last and is not out. A case that never got out
 * is forgotten the day after.
 */
export function runningCase(house: House, room: string, at: number): RoomCase | undefined {
  const days = siteDays(house.site.timezone);
  const yesterday = days.dayOf(days.dayOf(at).from - 1);
  const last = casesOf(house, room).filter((c) => bounds(c, at).inRoom !== undefined).sort(byMoment).at(-1);
  return last && cameInAt(last)! >= yesterday.from && bounds(last, at).outOfRoom === undefined ? last : undefined;
}

const plannedStart = (c: RoomCase) => Math.max(c.expectedStart ?? -Infinity, c.scheduledStart ?? -Infinity);

/**
 * How a room's site day goes on from `at` (epoch ms): the running case takes its scheduled minutes, each further case follows
 * after the site's expected turnover but not before its planned start. A case past its scheduled minutes, past the end of its
 * procedure, or cancelled in the room, may be out any moment.
 * Text when it cannot be told.
 */
export function predictRoom(house: House, room: string, at: number): Prediction | string {
  const day = siteDays(house.site.timezone).dayOf(at);
  const turnover = house.site.or.expectedTurnoverMinutes * MINUTE;
  const running = runningCase(house, room, at);
  const all = casesOf(house, room).map((c) => ({ ...bounds(c, at), c }));
  const waiting = all
    .filter(({ inRoom, outOfRoom }) => inRoom === undefined && outOfRoom === undefined)
    .map(({ c }) => c)
    .filter((c) => !isCancelled(c, at) && c.scheduledStart !== undefined && day.from <= c.scheduledStart && c.scheduledStart < day.to)
    .sort((a, b) => plannedStart(a) - plannedStart(b) || (a.id < b.id ? -1 : 1));
  const ahead = running ? [running, ...waiting] : waiting;
  if (ahead.length === 0) return `no case is running or left in room ${room} today`;
  const cases: Prediction['cases'][number][] = [];
  let free = Math.max(-Infinity, ...all.flatMap(({ outOfRoom }) => (outOfRoom !== undefined && outOfRoom >= day.from ? [outOfRoom + turnover] : [])));
  for (const c of ahead) {
    const minutes = isCancelled(c, at) || isEnded(c, at) ? 0 : c.scheduledMinutes;
    if (minutes === undefined) return `case without scheduled duration in room ${room}`;
    const start = c === running ? cameInAt(c)! : Math.max(at, free, plannedStart(c));
    const end = Math.max(at, start + minutes * MINUTE);
    cases.push({ id: c.id, start, end });
    free = end + turnover;
  }
  return { cases, end: cases.at(-1)!.end };
}

/** Predicted ends of the rooms of the scope that have a case running or left today; text when one cannot be told, or no case was ever reported. */
function ends({ house, scope, at }: Context): number[] | string {
  const rooms = scope.room === undefined ? new Set(casesOf(house).map(({ room }) => room)) : [scope.room];
  const told: number[] = [];
  const blind: string[] = [];
  for (const room of rooms) {
    const prediction = predictRoom(house, room, at);
    if (typeof prediction === 'string') blind.push(prediction);
    else told.push(prediction.end);
  }
  blind.sort();
  const untold = blind.find((reason) => reason.startsWith('case without'));
  if (untold !== undefined) return untold;
  return told.length > 0 || casesOf(house, scope.room).length > 0 ? told : (blind[0] ?? 'no case has been reported');
}

export const predictedEnd: ValueOf = (c) => {
  const told = ends(c);
  if (typeof told === 'string') return unknown(told);
  return told.length > 0 ? known(Math.max(...told)) : unknown('no case is running or left today');
};

export const roomsAfterPrimeTime: ValueOf = (c) => {
  const told = ends(c);
  if (typeof told === 'string') return unknown(told);
  const days = siteDays(c.house.site.timezone);
  const primeTo = days.at(days.dayOf(c.at), c.house.site.or.primeTime.to);
  return known(told.filter((end) => end > primeTo).length);
};
