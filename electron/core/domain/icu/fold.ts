import type { EventOf } from '#shared/events/define.ts';
import { icuEvents } from '#shared/events/types/icu.ts';
import { areaOf } from '../area.ts';
import { assign, without } from '../change.ts';
import type { IcuState } from './state.ts';

type IcuEvent = EventOf<typeof icuEvents>;

/** Signed after the patient had left: nobody waits for it. An order that the patient left by was repeated; any other has a negative delay. */
function orderedTooLate(icu: IcuState, orderedAt: number, leftAt: number): IcuState {
  if (icu.transfers.at(-1)?.leftAt === leftAt) return icu;
  return { ...icu, transfers: [...icu.transfers, assign<IcuState['transfers'][number]>({ orderedAt, leftAt }, { unit: icu.unit })] };
}

function transferOrdered(icu: IcuState, { data, time }: Extract<IcuEvent, { type: 'icu.transfer-ordered' }>): IcuState {
  const to = { ...(data.toUnit === undefined ? {} : { unit: data.toUnit }), ...(data.toUnitKind === undefined ? {} : { unitKind: data.toUnitKind }) };
  if (icu.dischargedAt !== undefined) return orderedTooLate(icu, time, icu.dischargedAt);
  const again = icu.transferOrderedAt === undefined ? undefined : time;
  return assign({ ...icu, transferOrderedAt: icu.transferOrderedAt ?? time, transferTo: to }, { transferOrderedAgainAt: again });
}

function discharged(icu: IcuState, time: number): IcuState {
  const left = without(icu, 'transferOrderedAt', 'transferOrderedAgainAt', 'transferTo', 'ventilated', 'ventilatedSince', 'acuity');
  const dischargedAt = icu.dischargedAt ?? time;
  if (icu.transferOrderedAt === undefined) return { ...left, dischargedAt };
  const transfer = assign<IcuState['transfers'][number]>({ orderedAt: icu.transferOrderedAt, leftAt: time }, { unit: icu.unit, orderedAgainAt: icu.transferOrderedAgainAt });
  return { ...left, dischargedAt, transfers: [...icu.transfers, transfer] };
}

function ventilation(icu: IcuState, ventilated: boolean, time: number): IcuState {
  return ventilated ? { ...icu, ventilated, ventilatedSince: icu.ventilatedSince ?? time } : { ...without(icu, 'ventilatedSince'), ventilated };
}

function fold(state: IcuState | undefined, event: IcuEvent): IcuState {
  const { data, time } = event;
  const before = state ?? { transfers: [] };
  // A label is one of its unit.
  const elsewhere = data.unit !== undefined && before.unit !== undefined && data.unit !== before.unit;
  const icu = assign<IcuState>(elsewhere ? without(before, 'bed') : before, { unit: data.unit, bed: data.bed });
  switch (event.type) {
    case 'icu.admitted': {
      const again = icu.dischargedAt !== undefined;
      return { ...without(icu, 'dischargedAt'), admittedAt: again ? time : (icu.admittedAt ?? time) };
    }
    case 'icu.transfer-ordered':
      return transferOrdered(icu, event);
    case 'icu.discharged':
      return discharged(icu, time);
    case 'icu.ventilator-status-changed':
      return ventilation({ ...icu, ventilationTold: assign<NonNullable<IcuState['ventilationTold']>>({ at: time }, { unit: icu.unit }) }, event.data.ventilated, time);
    case 'icu.acuity-changed':
      return { ...icu, acuity: event.data.acuity };
  }
}

/** Intensive care stays of an encounter. Leaving ends ventilation and acuity as intensive care scored it. */
export const icu = areaOf({ kind: 'encounter', slice: 'icu', events: icuEvents }, fold);
