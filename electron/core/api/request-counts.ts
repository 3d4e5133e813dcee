import type { FastifyInstance } from 'fastify';
import type { Family, Sample } from './exposition.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name of the operation that a route serves. */
    operation?: string;
    /** Whether it leaves an entry in the audit trail. */
    audited?: boolean;
  }
}

/** Upper bounds of the buckets of answering times, seconds. */
const BOUNDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];

interface Times {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Requests by operation and status, and how long answers took by operation. What reached no operation counts as `none`. */
export class RequestCounts {
  readonly #byStatus = new Map<string, { readonly labels: { operation: string; status: string }; value: number }>();
  readonly #times = new Map<string, Times>();

  /** Counts every answer of a server whose routes name their operation in `config`. */
  watch(server: FastifyInstance): void {
    server.addHook('onResponse', async ({ routeOptions }, reply) => this.add(routeOptions.config?.operation ?? 'none', reply.statusCode, reply.elapsedTime / 1_000));
  }

  add(operation: string, status: number, seconds: number): void {
    const key = `${operation} ${status}`;
    const counted = this.#byStatus.get(key) ?? { labels: { operation, status: String(status) }, value: 0 };
    counted.value++;
    this.#byStatus.set(key, counted);
    const times = this.#times.get(operation) ?? { buckets: BOUNDS.map(() => 0), sum: 0, count: 0 };
    this.#times.set(operation, times);
    times.sum += seconds;
    times.count++;
    BOUNDS.forEach((bound, i) => {
      if (seconds <= bound) times.buckets[i]!++;
    });
  }

  families(): Family[] {
    const samples = [...this.#times].flatMap(([operation, { buckets, sum, count }]): Sample[] => [
      ...buckets.map((value, i) => ({ suffix: '_bucket', labels: { operation, le: String(BOUNDS[i]) }, value })),
      { suffix: '_bucket', labels: { operation, le: '+Inf' }, value: count },
      { suffix: '_sum', labels: { operation }, value: sum },
      { suffix: '_count', labels: { operation }, value: count },
    ]);
    return [
      { name: 'vigil_http_requests_total', kind: 'counter', help: 'Answers of the Command API by operation and status.', samples: [...this.#byStatus.values()] },
      { name: 'vigil_http_request_duration_seconds', kind: 'histogram', help: 'Time from the request to the end of its answer.', samples },
    ];
  }
}
