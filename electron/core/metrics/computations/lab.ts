import { thresholdsFor } from '#shared/metrics/severity.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { answeredAt } from '../../domain/lab/progress.ts';
import type { LabOrderState } from '../../domain/lab/state.ts';
import { hasHappened, known, unknown, type Context, type Samples, type SamplesOf, type ValueOf } from '../context.ts';
import { Durations, MINUTE } from '../durations.ts';
import { Targets } from '../targets.ts';

type Result = LabOrderState['results'][number];

const inScope = ({ scope }: Context, priority: string, test: string | undefined) =>
  (scope.priority === undefined || priority === scope.priority) && (scope.test === undefined || test === scope.test);

/** Target of a priority in minutes: the warn threshold of lab.turnaround. */
function targetOf(c: Context, priority: string): number | null {
  return thresholdsFor(metricDefinitions.get('lab.turnaround')!, { priority }, c.house.site).warn;
}

const turnaround =
  (start: (order: LabOrderState, result: Result) => number | undefined): SamplesOf =>
  (c): Samples => {
    const durations = new Durations(c);
    const targets = new Targets(c, 'priority');
    for (const order of c.house.since('lab-order', c.from)) {
      for (const result of order.results) {
        if (!inScope(c, result.priority, result.test ?? order.test)) continue;
        if (durations.add(start(order, result), result.reportedAt)) targets.saw(result);
      }
    }
    return { ...durations.done(), target: targets.common() };
  };

const isReported = (c: Context) =>
  c.house.some('lab-order', `ordered ${c.scope.priority}/${c.scope.test}`, (order) => order.orderedAt !== undefined && inScope(c, order.priority, order.test));

/** Orders created and not answered at the moment of the question, or why none can be told. */
function pending(c: Context): LabOrderState[] | string {
  if (!isReported(c)) return 'no lab.order-created event has been reported for the scope';
  const orders: LabOrderState[] = [];
  for (const order of c.house.since('lab-order', c.at)) {
    if (!hasHappened(c, order.orderedAt) || !inScope(c, order.priority, order.test)) continue;
    if (!hasHappened(c, order.cancelledAt) && !hasHappened(c, answeredAt(order))) orders.push(order);
  }
  return orders;
}

const pendingCount: ValueOf = (c) => {
  const orders = pending(c);
  return typeof orders === 'string' ? unknown(orders) : known(orders.length);
};

const overdueCount: ValueOf = (c) => {
  const orders = pending(c);
  if (typeof orders === 'string') return unknown(orders);
  const targets = new Map<string, number | null>();
  const target = (priority: string) => {
    if (!targets.has(priority)) targets.set(priority, targetOf(c, priority));
    return targets.get(priority)!;
  };
  const judged = orders.filter(({ priority }) => target(priority) !== null);
  if (orders.length > 0 && judged.length === 0) return unknown('no pending order has a priority with a turnaround target');
  return known(judged.filter(({ collectedAt, priority }) => hasHappened(c, collectedAt) && c.at - collectedAt > target(priority)! * MINUTE).length);
};

export const labValues = { 'lab.pending': pendingCount, 'lab.overdue': overdueCount } satisfies Record<string, ValueOf>;

export const labSamples = {
  'lab.turnaround': turnaround((order) => order.collectedAt),
  'lab.order_turnaround': turnaround((order) => order.orderedAt),
} satisfies Record<string, SamplesOf>;
