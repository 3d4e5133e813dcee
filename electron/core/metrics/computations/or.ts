import { hasHappened, inWindow, known, share, unknown, type Context, type SamplesOf, type ValueOf } from '../context.ts';
import { cameInAt, isEnded } from '../../domain/or/progress.ts';
import { siteDays } from '../days.ts';
import { Durations, MINUTE } from '../durations.ts';
import { predictedEnd, roomsAfterPrimeTime } from './or-prediction.ts';
import {
  casesOf, gapsOf, isBetweenCases, isOverlap, isTurnover, roomDaysRun, roomDaysScheduled, type CaseInRoom, type Gap, type RoomCase, type RoomDay,
} from './or-rooms.ts';

const ON_TIME_GRACE = 5 * MINUTE;
const NO_CASE = 'no case of the scope has been reported';
const NO_WHEELS = 'no or.patient-in-room event has been reported';

const firstCases = ({ house, scope }: Context) => roomDaysScheduled(house, scope.room).map(({ cases }) => cases[0]!);

/** Took place without wheels in being told: nobody can say whether it was on time. */
const isUntold = (c: Context, orCase: RoomCase) =>
  orCase.inRoomAt === undefined && (hasHappened(c, orCase.startedAt) || hasHappened(c, orCase.completedAt) || hasHappened(c, orCase.outOfRoomAt));

const firstCaseOnTimeRate: ValueOf = (c) => {
  if (!casesOf(c.house).some(({ inRoomAt }) => inRoomAt !== undefined)) return unknown(NO_WHEELS);
  let judged = 0;
  let onTime = 0;
  for (const first of firstCases(c)) {
    if (!inWindow(c, first.scheduledStart) || isUntold(c, first)) continue;
    const limit = first.scheduledStart + ON_TIME_GRACE;
    if (!hasHappened(c, first.inRoomAt) && c.at <= limit) continue;
    judged += 1;
    if (first.inRoomAt !== undefined && first.inRoomAt <= limit) onTime += 1;
  }
  return share(onTime, judged, 'no first case was due in the window');
};

const firstCaseDelay: SamplesOf = (c) => {
  const durations = new Durations(c);
  for (const { scheduledStart, inRoomAt } of firstCases(c)) durations.add(scheduledStart, inRoomAt);
  return durations.done();
};

const caseDelay: SamplesOf = (c) => {
  const durations = new Durations(c);
  for (const { scheduledStart, inRoomAt } of casesOf(c.house, c.scope.room)) durations.add(scheduledStart, inRoomAt);
  return durations.done();
};

const gaps = (c: Context): Gap[] => roomDaysRun(c.house, c.at, c.scope.room).flatMap(gapsOf);

const turnover: SamplesOf = (c) => {
  const durations = new Durations(c);
  for (const gap of gaps(c)) {
    if (!gap.wheels || isOverlap(gap)) continue;
    if (isTurnover(gap)) durations.add(gap.from, gap.to);
    else durations.exclude(gap.to);
  }
  return durations.done();
};

/** Length of the union of intervals, each held to the bounds; ms. */
function covered(intervals: readonly (readonly [number, number])[], low: number, high: number): number {
  let sum = 0;
  let end = low;
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const start = Math.max(from, end);
    const stop = Math.min(to, high);
    if (stop > start) {
      sum += stop - start;
      end = stop;
    }
  }
  return sum;
}

/** Until when a case held its room; a case without time out holds it until now if no later case came, else to the end of its procedure as far as that is known. */
function heldUntil({ at }: Context, { cases }: RoomDay<CaseInRoom>, i: number): number {
  const orCase = cases[i]!;
  return orCase.out ?? (i === cases.length - 1 ? at : isEnded(orCase, at) ? orCase.completedAt! : orCase.from);
}

const utilisation: ValueOf = (c) => {
  const days = siteDays(c.house.site.timezone);
  const { from, to } = c.house.site.or.primeTime;
  let used = 0;
  let open = 0;
  for (const roomDay of roomDaysRun(c.house, c.at, c.scope.room)) {
    const low = Math.max(days.at(roomDay.day, from), c.from);
    const high = Math.min(days.at(roomDay.day, to), c.to, c.at);
    if (high <= low) continue;
    open += high - low;
    const inRoom = roomDay.cases.map((orCase, i) => [orCase.from, heldUntil(c, roomDay, i)] as const);
    const between = gapsOf(roomDay).filter(isBetweenCases).map((gap) => [gap.from, gap.to] as const);
    used += covered([...inRoom, ...between], low, high);
  }
  return share(used, open, 'no room ran within prime time of the window');
};

const overrun: SamplesOf = (c) => {
  const days = siteDays(c.house.site.timezone);
  const durations = new Durations(c);
  for (const { day, cases } of roomDaysRun(c.house, c.at, c.scope.room)) {
    const held = cases.map((orCase) => [orCase.from, orCase.out ?? -Infinity] as const);
    if (held.at(-1)![1] === -Infinity) continue;
    const end = Math.max(...held.map(([, out]) => out));
    const after = covered(held, days.at(day, c.house.site.or.primeTime.to), Infinity);
    durations.add(end - after, end);
  }
  return durations.done();
};

const counting =
  (counts: (c: Context, orCase: RoomCase) => boolean): ValueOf =>
  (c) => {
    const cases = casesOf(c.house, c.scope.room);
    return cases.length === 0 ? unknown(NO_CASE) : known(cases.filter((orCase) => counts(c, orCase)).length);
  };

const overlaps: ValueOf = (c) =>
  casesOf(c.house, c.scope.room).some((orCase) => cameInAt(orCase) !== undefined)
    ? known(gaps(c).filter((gap) => isOverlap(gap) && inWindow(c, gap.to)).length)
    : unknown('no case of the scope is known to have come into a room');

export const orValues = {
  'or.first_case_on_time_rate': firstCaseOnTimeRate,
  'or.utilisation': utilisation,
  'or.predicted_end': predictedEnd,
  'or.rooms_after_prime_time': roomsAfterPrimeTime,
  'or.cases_scheduled': counting((c, { scheduledStart }) => inWindow(c, scheduledStart)),
  'or.cases_completed': counting((c, { cancelledAt, completedAt, outOfRoomAt }) => cancelledAt === undefined && inWindow(c, completedAt ?? outOfRoomAt)),
  'or.cases_cancelled': counting((c, { cancelledAt }) => inWindow(c, cancelledAt)),
  'or.overlaps': overlaps,
} satisfies Record<string, ValueOf>;

export const orSamples = {
  'or.first_case_delay': firstCaseDelay,
  'or.case_delay': caseDelay,
  'or.turnover': turnover,
  'or.overrun': overrun,
} satisfies Record<string, SamplesOf>;
