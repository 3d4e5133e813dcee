import type { EventOf } from '#shared/events/define.ts';
import { pharmacyEvents } from '#shared/events/types/pharmacy.ts';
import { areaOf } from '../area.ts';
import { assign, without } from '../change.ts';
import type { PharmacyOrderState } from './state.ts';

type PharmacyEvent = EventOf<typeof pharmacyEvents>;
type Of<T extends PharmacyEvent['type']> = Extract<PharmacyEvent, { type: T }>;

const UNSPECIFIED = 'unspecified';

const alive = (order: PharmacyOrderState) => without(order, 'cancelledAt', 'cancelReason');

function queued(order: PharmacyOrderState, { data, time }: Of<'pharmacy.order-queued'>): PharmacyOrderState {
  const since = order.cancelledAt === undefined ? (order.queuedAt ?? time) : time;
  return assign({ ...alive(order), queuedAt: since }, { preparation: data.preparation });
}

/** Of an order that is not in the queue, further doses are no new work: only the first dispense is kept. */
function dispensed(order: PharmacyOrderState, time: number): PharmacyOrderState {
  const { queuedAt, priority, dispenses } = order;
  if (queuedAt === undefined && dispenses.length > 0) return alive(order);
  const dispense = { ...(queuedAt === undefined ? {} : { queuedAt }), dispensedAt: time, priority };
  return { ...without(alive(order), 'queuedAt'), dispenses: [...dispenses, dispense] };
}

function fold(state: PharmacyOrderState | undefined, event: PharmacyEvent): PharmacyOrderState {
  const { data, time } = event;
  const before: PharmacyOrderState = state ?? { priority: UNSPECIFIED, dispenses: [] };
  const priority = data.priority === UNSPECIFIED ? undefined : data.priority;
  const order = assign(before, { encounter: data.encounter, pharmacy: data.pharmacy, unit: data.unit, priority });
  switch (event.type) {
    case 'pharmacy.order-queued':
      return queued(order, event);
    case 'pharmacy.dispensed':
      return dispensed(order, time);
    case 'pharmacy.order-cancelled':
      return assign(order, { cancelledAt: order.cancelledAt ?? time, cancelReason: event.data.reason });
  }
}

/**
 * Medication orders in the pharmacy's queue. A changed order that is queued again after it was dispensed waits again;
 * one that was withdrawn and is queued again waits from then.
 */
export const pharmacy = areaOf({ kind: 'pharmacy-order', events: pharmacyEvents }, fold);
