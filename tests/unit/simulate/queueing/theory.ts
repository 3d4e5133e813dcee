/** Offered load a = arrivals over service rate of one server; all rates in one unit of time. */

/** Erlang B, the share lost of M/M/c/c, by its recurrence (Cooper, Introduction to Queueing Theory, 2nd ed., 3.3). */
export function erlangB(c: number, a: number): number {
  let lost = 1;
  for (let n = 1; n <= c; n += 1) lost = (a * lost) / (n + a * lost);
  return lost;
}

/** Erlang C, the share that waits in M/M/c. */
export function erlangC(c: number, a: number): number {
  const lost = erlangB(c, a);
  return (c * lost) / (c - a * (1 - lost));
}

/** Mean wait in the queue of M/M/c. */
export const waitMMc = (arrivals: number, service: number, c: number): number =>
  erlangC(c, arrivals / service) / (c * service - arrivals);

/** P(wait > t) of M/M/c in order of arrival. */
export const waitsLonger = (arrivals: number, service: number, c: number, t: number): number =>
  erlangC(c, arrivals / service) * Math.exp(-(c * service - arrivals) * t);

/** Mean wait of M/G/1 (Pollaczek and Khinchine): by mean and variance of the service. */
export const waitMG1 = (arrivals: number, mean: number, variance: number): number =>
  (arrivals * (variance + mean * mean)) / (2 * (1 - arrivals * mean));

/** Mean wait of each class, the most urgent first, non-preemptive M/M/c with one rate of service (Cobham 1954). */
export function waitByPriority(arrivals: readonly number[], service: number, c: number): number[] {
  const all = arrivals.reduce((sum, rate) => sum + rate, 0);
  const remaining = erlangC(c, all / service) / (c * service);
  return arrivals.map((_, k) => remaining / (free(arrivals, service, c, k) * free(arrivals, service, c, k + 1)));
}

/** Share of the servers that the k most urgent classes leave free. */
const free = (arrivals: readonly number[], service: number, c: number, k: number): number =>
  1 - arrivals.slice(0, k).reduce((sum, rate) => sum + rate, 0) / (c * service);

/** Mean time in system of each class, preemptive-resume M/M/1 (Jaiswal, Priority Queues, 1968). */
export const stayByPreemption = (arrivals: readonly number[], service: number): number[] =>
  arrivals.map((_, k) => 1 / service / (free(arrivals, service, 1, k) * free(arrivals, service, 1, k + 1)));

/** M/M/c/K, at most `capacity` in the system: share turned away, and mean wait of the others. */
export function limited(arrivals: number, service: number, c: number, capacity: number): { lost: number; wait: number } {
  const weight = [1];
  for (let n = 1; n <= capacity; n += 1) weight.push((weight[n - 1]! * arrivals) / (service * Math.min(n, c)));
  const total = weight.reduce((sum, w) => sum + w, 0);
  const queue = weight.reduce((sum, w, n) => sum + (w / total) * Math.max(0, n - c), 0);
  const lost = weight[capacity]! / total;
  return { lost, wait: queue / (arrivals * (1 - lost)) };
}
