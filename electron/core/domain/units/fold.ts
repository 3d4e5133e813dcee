import type { EventOf } from '#shared/events/define.ts';
import { unitEvents } from '#shared/events/types/unit.ts';
import { areaOf } from '../area.ts';
import { assign, without } from '../change.ts';
import type { UnitState } from './state.ts';

function fold(state: UnitState = {}, event: EventOf<typeof unitEvents>): UnitState {
  const { data, time } = event;
  const known = assign(state, { kind: data.unitKind });
  if (event.type === 'unit.staffing-reported') {
    const { staffedBeds, staff, plannedStaff } = event.data;
    // A report is whole: staff it does not name must not look as fresh as its time.
    return assign(without(known, 'staff', 'plannedStaff'), { staffedBeds, staff, plannedStaff, staffingReportedAt: time });
  }
  const { status, reason } = event.data;
  const since = state.status?.value === status ? state.status.since : time;
  return { ...known, status: { value: status, since, ...(reason === undefined ? {} : { reason }) } };
}

/** Units: reported staffing and operating status. */
export const units = areaOf({ kind: 'unit', events: unitEvents }, fold);
