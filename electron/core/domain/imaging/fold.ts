import type { EventOf } from '#shared/events/define.ts';
import { imagingEvents } from '#shared/events/types/imaging.ts';
import { areaOf } from '../area.ts';
import { assign, without } from '../change.ts';
import { answeredAt } from './progress.ts';
import type { ImagingOrderState } from './state.ts';

type ImagingEvent = EventOf<typeof imagingEvents>;
type Of<T extends ImagingEvent['type']> = Extract<ImagingEvent, { type: T }>;

const UNSPECIFIED = 'unspecified';

/** What happens to a withdrawn order shows that it was not withdrawn after all. */
const alive = (order: ImagingOrderState) => without(order, 'cancelledAt', 'cancelReason');

/** An order that was withdrawn and is made again is a new one under the old number: what was done for the old one does not count. */
function created(order: ImagingOrderState, { data, time }: Of<'imaging.order-created'>): ImagingOrderState {
  const again = order.cancelledAt !== undefined && answeredAt(order) === undefined;
  const begun = again ? without(alive(order), 'orderedAt', 'startedAt', 'completedAt', 'preliminaryAt', 'scanner') : order;
  return assign(begun, { procedure: data.procedure, orderedAt: begun.orderedAt ?? time });
}

/** More images before the report: the study cannot be read until it is complete again. */
function started(order: ImagingOrderState, { data, time }: Of<'imaging.study-started'>): ImagingOrderState {
  const open = order.signedAt === undefined ? without(order, 'completedAt') : order;
  return assign(alive(open), { scanner: data.scanner, startedAt: order.startedAt ?? time });
}

function completed(order: ImagingOrderState, { data, time }: Of<'imaging.study-completed'>): ImagingOrderState {
  const read = order.completedAt !== undefined && order.signedAt !== undefined;
  return assign(alive(order), { scanner: data.scanner, completedAt: read ? order.completedAt : time });
}

function signed(order: ImagingOrderState, { data, time }: Of<'imaging.report-signed'>): ImagingOrderState {
  const known = assign(alive(order), { critical: data.critical });
  switch (data.status) {
    case 'preliminary':
      return assign(known, { preliminaryAt: known.preliminaryAt ?? time });
    case 'addendum':
      return { ...known, addendedAt: time };
    default:
      return assign(known, { signedAt: known.signedAt ?? time });
  }
}

function fold(state: ImagingOrderState | undefined, event: ImagingEvent): ImagingOrderState {
  const { data } = event;
  const before: ImagingOrderState = state ?? { priority: UNSPECIFIED };
  const priority = data.priority === UNSPECIFIED ? undefined : data.priority;
  const order = assign(before, { encounter: data.encounter, modality: data.modality, priority, setting: data.setting });
  switch (event.type) {
    case 'imaging.order-created':
      return created(order, event);
    case 'imaging.study-started':
      return started(order, event);
    case 'imaging.study-completed':
      return completed(order, event);
    case 'imaging.report-signed':
      return signed(order, event);
    case 'imaging.order-cancelled':
      return assign(order, { cancelledAt: order.cancelledAt ?? event.time, cancelReason: event.data.reason });
  }
}

/**
 * Imaging orders: ordered, first image, study complete, report. The last completion before the report counts (an order
 * may have several procedure steps), and the first final report.
 */
export const imaging = areaOf({ kind: 'imaging-order', events: imagingEvents }, fold);
