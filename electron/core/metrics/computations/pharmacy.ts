import type { PharmacyOrderState } from '../../domain/pharmacy/state.ts';
import { hasHappened, known, unknown, type Context, type Samples, type SamplesOf, type ValueOf } from '../context.ts';
import { Durations } from '../durations.ts';
import { Targets } from '../targets.ts';

const inScope = ({ scope }: Context, pharmacy: string | undefined, priority: string) =>
  (scope.pharmacy ?? pharmacy) === pharmacy && (scope.priority ?? priority) === priority;

const wasQueued = ({ queuedAt, dispenses }: PharmacyOrderState) => queuedAt !== undefined || dispenses.some((dispense) => dispense.queuedAt !== undefined);

/** Whether the order lay in the queue at the moment of the question. */
function waits(c: Context, { pharmacy, priority, queuedAt, cancelledAt, dispenses }: PharmacyOrderState): boolean {
  if (hasHappened(c, queuedAt) && !hasHappened(c, cancelledAt)) return inScope(c, pharmacy, priority);
  return dispenses.some((one) => hasHappened(c, one.queuedAt) && !hasHappened(c, one.dispensedAt) && inScope(c, pharmacy, one.priority));
}

const backlog: ValueOf = (c) => {
  const isOrder = (order: PharmacyOrderState) => wasQueued(order) && inScope(c, order.pharmacy, order.priority);
  if (!c.house.some('pharmacy-order', `queued ${c.scope.pharmacy}/${c.scope.priority}`, isOrder)) {
    return unknown('no pharmacy.order-queued event has been reported for the scope');
  }
  let count = 0;
  for (const order of c.house.since('pharmacy-order', c.at)) if (waits(c, order)) count += 1;
  return known(count);
};

const turnaround: SamplesOf = (c): Samples => {
  const durations = new Durations(c);
  const targets = new Targets(c, 'priority');
  for (const { pharmacy, dispenses } of c.house.since('pharmacy-order', c.from)) {
    for (const one of dispenses) {
      if (inScope(c, pharmacy, one.priority) && durations.add(one.queuedAt, one.dispensedAt)) targets.saw(one);
    }
  }
  return { ...durations.done(), target: targets.common() };
};

export const pharmacyValues = { 'pharmacy.backlog': backlog } satisfies Record<string, ValueOf>;
export const pharmacySamples = { 'pharmacy.turnaround': turnaround } satisfies Record<string, SamplesOf>;
