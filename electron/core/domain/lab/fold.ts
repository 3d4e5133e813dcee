import type { EventOf } from '#shared/events/define.ts';
import { labEvents } from '#shared/events/types/lab.ts';
import { areaOf } from '../area.ts';
import { assign, without } from '../change.ts';
import type { LabOrderState } from './state.ts';

const UNSPECIFIED = 'unspecified';

function fold(state: LabOrderState | undefined, event: EventOf<typeof labEvents>): LabOrderState {
  const { data, time } = event;
  const before: LabOrderState = state ?? { priority: UNSPECIFIED, results: [] };
  const priority = data.priority === UNSPECIFIED ? undefined : data.priority;
  const order = assign(before, { encounter: data.encounter, priority });
  switch (event.type) {
    case 'lab.order-created':
      return assign(order, { test: order.test ?? data.test, orderedAt: order.orderedAt ?? time });
    case 'lab.specimen-collected':
      return assign(order, { collectedAt: beforeResult(order, order.collectedAt, time) });
    case 'lab.specimen-received':
      return assign(order, { receivedAt: beforeResult(order, order.receivedAt, time) });
    case 'lab.result-reported': {
      const result = { ...(data.test === undefined ? {} : { test: data.test }), reportedAt: time, priority: order.priority };
      const first = !order.results.some((known) => known.test === data.test);
      return without(first ? { ...order, results: [...order.results, result] } : order, 'cancelledAt');
    }
    case 'lab.order-cancelled':
      return assign(order, { cancelledAt: order.cancelledAt ?? time });
  }
}

/** A specimen drawn again before any result replaces the first one; the result was made from the last. */
const beforeResult = (order: LabOrderState, known: number | undefined, time: number) => (known !== undefined && order.results.length > 0 ? known : time);

/** Laboratory orders: ordered, collected, received, first report of each test. */
export const lab = areaOf({ kind: 'lab-order', events: labEvents }, fold);
