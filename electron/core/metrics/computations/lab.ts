import { thresholdsFor } from '#shared/metrics/severity.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import type { LabOrderState } from '../../domain/lab/state.ts';
import { hasHappened, known, unknown, type Context, type Samples, type SamplesOf, type ValueOf } from '../context.ts';
import { Durations, MINUTE } from '../durations.ts';

type Result = LabOrderState['results'][number];

const inScope = ({ scope }: Context, priority: string, test: string | undefined) =>
  (scope.priority === undefined || priority === scope.priority) && (scope.test === undefined || test === scope.test);

/** Target of a priority in minutes: the warn threshold of lab.turnaround. */
function targetOf(c: Context, priority: string): number | null {
  return thresholdsFor(metricDefinitions.get('lab.turnaround')!, { priority }, c.house.site).warn;
}

/** One target for several priorities, or null when they differ: a share within "the" target would be none. */
function commonTarget(c: Context, priorities: ReadonlySet<string>): number | null {
  const targets = new Set([...priorities].map((priority) => thresholdsFor(c.definition, { ...c.scope, priority }, c.house.site).warn));
  return targets.size === 1 ? [...targets][0]! : null;
}

const turnaround =
  (start: (order: LabOrderState, result: Result) => number | undefined): SamplesOf =>
  (c): Samples => {
    const durations = new Durations(c);
    const priorities = new Set<string>();
    for (const order of c.house.all('lab-order').values()) {
      for (const result of order.results) {
        if (!inScope(c, result.priority, result.test ?? order.test)) continue;
        durations.add(start(order, result), result.reportedAt);
        priorities.add(result.priority);
      }
    }
    return { ...durations.done(), target: commonTarget(c, priorities) };
  };

/** Orders created and not answered at the moment of the question, or why none can be told. */
function pending(c: Context): LabOrderState[] | string {
  const orders: LabOrderState[] = [];
  let reported = false;
  for (const order of c.house.all('lab-order').values()) {
    if (order.orderedAt === undefined || !inScope(c, order.priority, order.test)) continue;
    reported = true;
    const done = hasHappened(c, order.cancelledAt) || order.results.some(({ reportedAt }) => hasHappened(c, reportedAt));
    if (hasHappened(c, order.orderedAt) && !done) orders.push(order);
  }
  return reported ? orders : 'no lab.order-created event has been reported for the scope';
}

const pendingCount: ValueOf = (c) => {
  const orders = pending(c);
  return typeof orders === 'string' ? unknown(orders) : known(orders.length);
};

const overdueCount: ValueOf = (c) => {
  const orders = pending(c);
  if (typeof orders === 'string') return unknown(orders);
  const judged = orders.flatMap((order) => {
    const target = targetOf(c, order.priority);
    return target === null ? [] : [{ collectedAt: order.collectedAt, target }];
  });
  if (orders.length > 0 && judged.length === 0) return unknown('no pending order has a priority with a turnaround target');
  return known(judged.filter(({ collectedAt, target }) => hasHappened(c, collectedAt) && c.at - collectedAt > target * MINUTE).length);
};

export const labValues = { 'lab.pending': pendingCount, 'lab.overdue': overdueCount } satisfies Record<string, ValueOf>;

export const labSamples = {
  'lab.turnaround': turnaround((order) => order.collectedAt),
  'lab.order_turnaround': turnaround((order) => order.orderedAt),
} satisfies Record<string, SamplesOf>;
