import type { EventOf } from '#shared/events/define.ts';
import { labEvents } from '#shared/events/types/lab.ts';
import { areaOf } from '../area.ts';
import { assign, without } from '../change.ts';
import { answeredAt } from './progress.ts';
import type { LabOrderState } from './state.ts';

type LabEvent = EventOf<typeof labEvents>;
type Of<T extends LabEvent['type']> = Extract<LabEvent, { type: T }>;
type Result = LabOrderState['results'][number];

const UNSPECIFIED = 'unspecified';

/** What happens to a withdrawn order shows that it was not withdrawn after all. */
const alive = (order: LabOrderState) => without(order, 'cancelledAt', 'cancelReason');

/** An order that was withdrawn and is made again is a new one under the old number: the old specimen does not count. */
function created(order: LabOrderState, { data, time }: Of<'lab.order-created'>): LabOrderState {
  const again = order.cancelledAt !== undefined && answeredAt(order) === undefined;
  const begun = again ? without(alive(order), 'orderedAt', 'collectedAt', 'receivedAt', 'preliminaryAt') : order;
  return assign(begun, { test: begun.test ?? data.test, orderedAt: begun.orderedAt ?? time });
}

/** A specimen drawn again before any result replaces the first one; the result was made from the last. */
function specimen(order: LabOrderState, step: 'collectedAt' | 'receivedAt', time: number): LabOrderState {
  if (order[step] !== undefined && answeredAt(order) !== undefined) return order;
  const known = alive(order);
  // Two plain literals: a computed key costs half of the fold again.
  return step === 'collectedAt' ? { ...known, collectedAt: time } : { ...known, receivedAt: time };
}

/** The first final report of a test counts; a later one, corrected or not, does not move it. */
function reported(order: LabOrderState, { data, time }: Of<'lab.result-reported'>): LabOrderState {
  const known = alive(order);
  if (data.status === 'preliminary') return assign(known, { preliminaryAt: known.preliminaryAt ?? time });
  const i = known.results.findIndex(({ test }) => test === data.test);
  const critical = data.critical ? true : undefined;
  if (i >= 0) return { ...known, results: known.results.with(i, assign(known.results[i]!, { critical, correctedAt: data.status === 'corrected' ? time : undefined })) };
  if (data.status === 'corrected') return { ...known, correctedAt: time };
  const result = assign<Result>({ reportedAt: time, priority: known.priority }, { test: data.test, critical });
  return { ...known, results: [...known.results, result] };
}

function fold(state: LabOrderState | undefined, event: LabEvent): LabOrderState {
  const { data, time } = event;
  const before: LabOrderState = state ?? { priority: UNSPECIFIED, results: [] };
  const priority = data.priority === UNSPECIFIED ? undefined : data.priority;
  const order = assign(before, { encounter: data.encounter, priority });
  switch (event.type) {
    case 'lab.order-created':
      return created(order, event);
    case 'lab.specimen-collected':
      return specimen(order, 'collectedAt', time);
    case 'lab.specimen-received':
      return specimen(order, 'receivedAt', time);
    case 'lab.result-reported':
      return reported(order, event);
    case 'lab.order-cancelled':
      return assign(order, { cancelledAt: order.cancelledAt ?? time, cancelReason: event.data.reason });
  }
}

/** Laboratory orders: ordered, collected, received, first final report of each test. */
export const lab = areaOf({ kind: 'lab-order', events: labEvents }, fold);
