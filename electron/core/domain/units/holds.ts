import type { UnitKind } from '#shared/events/fields.ts';
import type { House } from '../house.ts';
import type { OrCaseState } from '../or/state.ts';
import { kindOfUnit } from './kind.ts';

type Hold = NonNullable<OrCaseState['hold']>;

/** A bed that is to be kept for a patient of the operating rooms who is counted nowhere else. */
export interface OpenHold {
  readonly unit?: string | undefined;
  readonly unitKind: UnitKind;
}

/** Whether a place is the one that was asked for: the unit where one was named, else any of the kind. */
const answers = (house: House, hold: Hold, unit: string, said?: UnitKind) =>
  hold.unit === undefined ? (said ?? kindOfUnit(house, unit)) === hold.unitKind : unit === hold.unit;

/**
 * Nobody waits for the bed any more: the patient is there, came there since, or left the hospital. Of a patient of whom
 * nobody speaks nobody can tell where they went, so what is told last of the room ends the hold: wheels out, else the end.
 */
function isOver(house: House, { encounter, completedAt, outOfRoomAt }: OrCaseState, hold: Hold): boolean {
  const here = encounter === undefined ? undefined : house.present().get(encounter);
  if (here && answers(house, hold, here.unit, here.unitKind)) return true;
  const adt = encounter === undefined ? undefined : house.get('encounter', encounter)?.adt;
  if (!adt) return (outOfRoomAt ?? completedAt) !== undefined;
  const gone = adt.status === 'cancelled' || (adt.dischargedAt !== undefined && adt.dischargedAt >= hold.requestedAt);
  return gone || adt.stays.some(({ unit, unitKind, from }) => from >= hold.requestedAt && answers(house, hold, unit, unitKind));
}

/** Whether a bed is still to be kept for the case. */
export function holdsBed(house: House, orCase: OrCaseState): boolean {
  const { hold, cancelledAt } = orCase;
  return hold !== undefined && hold.releasedAt === undefined && cancelledAt === undefined && !isOver(house, orCase, hold);
}

/** Open holds, without those of patients who come to such a bed by a decision already counted (`comingTo`, unit by encounter). */
export function openHolds(house: House, comingTo: ReadonlyMap<string, string>): OpenHold[] {
  const open: OpenHold[] = [];
  for (const id of house.openHolds()) {
    const orCase = house.get('or-case', id)!;
    const { hold, encounter } = orCase;
    if (!hold || !holdsBed(house, orCase)) continue;
    const to = encounter === undefined ? undefined : comingTo.get(encounter);
    if (to === undefined || !answers(house, hold, to)) open.push({ unit: hold.unit, unitKind: hold.unitKind });
  }
  return open;
}
