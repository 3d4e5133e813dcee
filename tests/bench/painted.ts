import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    paintedLog?: [eventTime: number, at: number][];
  }
}

/** Starts to note in a page when it says what it has painted. */
export async function watchPaint(page: Page): Promise<void> {
  await page.evaluate(() => {
    const log: [number, number][] = [];
    window.paintedLog = log;
    new MutationObserver(() => log.push([Number(document.documentElement.dataset['paintedEventTime']), performance.timeOrigin + performance.now()])).observe(
      document.documentElement,
      { attributes: true, attributeFilter: ['data-painted-event-time'] },
    );
  });
}

/** Milliseconds from each event's time to the end of the first frame that shows it or a newer one; what was never shown is infinite. */
export async function latencies(page: Page, eventTimes: readonly number[]): Promise<number[]> {
  await sleep(1_000);
  const log = await page.evaluate(() => window.paintedLog!);
  let next = 0;
  return eventTimes.map((time) => {
    while (next < log.length && log[next]![0] < time) next++;
    return next < log.length ? log[next]![1] - time : Infinity;
  });
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** Calls `send(now)` `rate` times a second for a while, in order; returns the event times (epoch ms). */
export async function atRate(rate: number, seconds: number, send: (time: number) => void): Promise<number[]> {
  const times: number[] = [];
  const start = performance.now();
  while (times.length < rate * seconds) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; times.length < due; ) {
      const now = Date.now();
      send(now);
      times.push(now);
    }
    await sleep(1);
  }
  return times;
}
