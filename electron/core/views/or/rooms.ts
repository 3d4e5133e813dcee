import { severity } from '#shared/metrics/severity.ts';
import type { Severity } from '#shared/metrics/result.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { OrRoomItem } from '#shared/views/boards.ts';
import { reasonCode } from '../../domain/or/reason-code.ts';
import { gapsOf, isOverlap, isTurnover, roomDaysRun, roomDaysScheduled } from '../../metrics/computations/or-rooms.ts';
import { siteDays } from '../../metrics/days.ts';
import { definitionOf } from '../../metrics/evaluate.ts';
import type { Moment } from '../context.ts';
import { today } from '../day.ts';
import type { Part } from '../view.ts';
import { caseItem, stateOf } from './case-item.ts';
import { boardCases, hasOperatingRooms, prediction, rooms, type BoardCase } from './cases.ts';

const MINUTE = 60_000;

/** Gaps between today's cases of a room that have happened by now. */
function gapsToday(room: string, moment: Moment) {
  const day = today(moment);
  const run = roomDaysRun(moment.house, moment.now, room).find((roomDay) => roomDay.day.date === day.date);
  return run ? gapsOf(run) : [];
}

function firstCase(room: string, moment: Moment): string | undefined {
  const day = today(moment);
  return roomDaysScheduled(moment.house, room).find((roomDay) => roomDay.day.date === day.date)?.cases[0]?.id;
}

/** Service the room works for: of the running case, else of the next, else of the last one. */
function serviceOf(cases: readonly BoardCase[], now: number): string | null {
  const inState = (state: string) => cases.filter((c) => stateOf(c, now) === state);
  const current = inState('running').at(-1) ?? inState('scheduled')[0] ?? inState('done').at(-1);
  return current?.service ?? null;
}

/** How late a room is expected to end after prime time; a room that is done asks for nothing any more. */
function endSeverity(end: number | null, room: string, moment: Moment): Severity {
  const { site } = moment.house;
  const primeTo = siteDays(site.timezone).at(today(moment), site.or.primeTime.to);
  return end === null || end <= primeTo ? 'normal' : severity(definitionOf('or.overrun'), { room }, (end - primeTo) / MINUTE, site);
}

/** What the site calls a status of its own; a word that it does not explain as it was said. */
function named(word: string, { statuses }: SiteConfig): Pick<OrRoomItem, 'label' | 'word'> {
  const known = statuses.room[word];
  return known ? { label: known.label } : { word };
}

function roomItem(room: string, moment: Moment): OrRoomItem {
  const { house, now } = moment;
  const cases = boardCases(moment).get(room) ?? [];
  const status = house.get('or-room', room);
  const code = status && reasonCode(status);
  const gaps = gapsToday(room, moment);
  const overlapping = new Set(gaps.filter(isOverlap).flatMap(({ before, after }) => [before, after]));
  const facts = { prediction: prediction(room, moment), firstCase: firstCase(room, moment), overlapping };
  const turnover = definitionOf('or.turnover');
  const predictedEnd = facts.prediction?.end ?? null;
  return {
    room,
    title: house.site.or.rooms.find(({ id }) => id === room)?.title ?? room,
    service: serviceOf(cases, now),
    status: status?.status ?? 'open',
    ...(status?.word === undefined ? {} : named(status.word, house.site)),
    ...(code === undefined ? {} : { reason: code }),
    ...(status?.expectedUntil === undefined ? {} : { expectedUntil: status.expectedUntil }),
    cases: cases.map((c) => caseItem(c, facts, moment)),
    turnovers: gaps.filter(isTurnover).map(({ from, to }) => {
      const minutes = (to - from) / MINUTE;
      return { from, to, minutes, severity: severity(turnover, { room }, minutes, house.site) };
    }),
    predictedEnd,
    endSeverity: endSeverity(predictedEnd, room, moment),
  };
}

/** Items `room:<id>`: the day of one operating room, planned, actual and predicted. */
export const roomPart: Part = {
  prefix: 'room:',
  ids: (context) => (hasOperatingRooms(context) ? rooms(context) : []),
  item: roomItem,
  touched(changes) {
    const touched = new Set<string>();
    for (const change of changes) {
      if (change.kind === 'or-room') touched.add(change.id);
      if (change.kind !== 'or-case') continue;
      for (const room of [change.before?.room, change.after?.room]) if (room !== undefined) touched.add(room);
    }
    return touched;
  },
};
