import { answeredAt } from '../../domain/imaging/progress.ts';
import type { ImagingOrderState } from '../../domain/imaging/state.ts';
import { hasHappened, known, unknown, type Context, type Samples, type SamplesOf, type ValueOf } from '../context.ts';
import { Durations } from '../durations.ts';
import { Targets } from '../targets.ts';

const inScope = ({ scope }: Context, { modality, priority, setting }: ImagingOrderState) =>
  (scope.modality ?? modality) === modality && (scope.priority ?? priority) === priority && (scope.setting ?? setting) === setting;

const pending: ValueOf = (c) => {
  const { modality, priority, setting } = c.scope;
  const isOrder = (order: ImagingOrderState) => order.orderedAt !== undefined && inScope(c, order);
  if (!c.house.some('imaging-order', `ordered ${modality}/${priority}/${setting}`, isOrder)) {
    return unknown('no imaging.order-created event has been reported for the scope');
  }
  let count = 0;
  for (const order of c.house.since('imaging-order', c.at)) {
    const waits = hasHappened(c, order.orderedAt) && !hasHappened(c, answeredAt(order)) && !hasHappened(c, order.cancelledAt);
    if (waits && inScope(c, order)) count += 1;
  }
  return known(count);
};

const lasting =
  (start: 'orderedAt' | 'completedAt', end: 'completedAt' | 'signedAt'): SamplesOf =>
  (c): Samples => {
    const durations = new Durations(c);
    const targets = new Targets(c, 'modality', 'setting', 'priority');
    for (const order of c.house.since('imaging-order', c.from)) {
      if (inScope(c, order) && durations.add(order[start], order[end])) targets.saw(order);
    }
    return { ...durations.done(), target: targets.common() };
  };

export const imagingValues = { 'imaging.pending': pending } satisfies Record<string, ValueOf>;

export const imagingSamples = {
  'imaging.turnaround': lasting('completedAt', 'signedAt'),
  'imaging.order_to_study': lasting('orderedAt', 'completedAt'),
} satisfies Record<string, SamplesOf>;
