import { severity } from '#shared/metrics/severity.ts';
import type { OrCaseItem } from '#shared/views/boards.ts';
import type { Severity } from '#shared/metrics/result.ts';
import { definitionOf } from '../../metrics/evaluate.ts';
import type { Prediction } from '../../metrics/computations/or-prediction.ts';
import { bounds, isCancelled } from '../../domain/or/progress.ts';
import type { Moment } from '../context.ts';
import type { BoardCase } from './cases.ts';
import { shortName } from './short-name.ts';

const MINUTE = 60_000;

/** What is known of the case's room beside the case itself. */
export interface RoomFacts {
  readonly prediction: Prediction | undefined;
  /** Id of the first scheduled case of the room's day: it is judged as `or.first_case_delay`. */
  readonly firstCase: string | undefined;
  /** Ids of cases that were in the room at the same time as a neighbour. */
  readonly overlapping: ReadonlySet<string>;
}

/** Severity of a delay in minutes; the first case of a room has limits of its own. */
function delaySeverity(minutes: number, first: boolean, room: string, { house }: Moment): Severity {
  return severity(definitionOf(first ? 'or.first_case_delay' : 'or.case_delay'), { room }, minutes, house.site);
}

/** State of a case from what has happened by now. A case cancelled in the room runs until the patient is out. */
export function stateOf(c: BoardCase, now: number): OrCaseItem['state'] {
  const { inRoom, outOfRoom } = bounds(c, now);
  if (inRoom !== undefined && outOfRoom === undefined) return 'running';
  if (isCancelled(c, now)) return 'cancelled';
  return outOfRoom === undefined ? 'scheduled' : 'done';
}

/** One case as the timeline draws it. */
export function caseItem(c: BoardCase, facts: RoomFacts, moment: Moment): OrCaseItem {
  const { now } = moment;
  const { inRoom, outOfRoom } = bounds(c, now);
  const state = stateOf(c, now);
  const ahead = facts.prediction?.cases.find(({ id }) => id === c.id);
  const lateness = c.scheduledStart === undefined ? null : ((inRoom ?? now) - c.scheduledStart) / MINUTE;
  const judged = state !== 'cancelled' && lateness !== null && lateness > 0;
  return {
    key: `${c.room}/${c.number}`,
    label: c.procedure ?? c.service ?? '',
    short: shortName(c.procedure ?? c.service ?? '', moment.house.site.or.shortNames),
    addOn: c.addOn ?? false,
    scheduledStart: c.scheduledStart ?? null,
    scheduledEnd: c.scheduledStart === undefined || c.scheduledMinutes === undefined ? null : c.scheduledStart + c.scheduledMinutes * MINUTE,
    inRoom: inRoom ?? null,
    outOfRoom: outOfRoom ?? null,
    predictedStart: state === 'scheduled' ? (ahead?.start ?? null) : null,
    predictedEnd: state === 'scheduled' || state === 'running' ? (ahead?.end ?? null) : null,
    state,
    delayMinutes: inRoom === undefined ? null : lateness,
    severity: judged ? delaySeverity(lateness, c.id === facts.firstCase, c.room, moment) : 'normal',
    overlap: facts.overlapping.has(c.id),
  };
}
