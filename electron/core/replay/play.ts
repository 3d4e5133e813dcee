import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock/clock.ts';
import { until } from '../mqtt/pace.ts';
import { Publisher, topicOf } from '../mqtt/publisher.ts';
import type { RecordedEvent } from './real-day.ts';

/** How long a finished replay stays on the wall before it ends. */
const LINGER_MS = 5_000;

/** Publishes recorded events onto a broker as their sources would, each when the clock reaches its time. */
export function play(events: readonly RecordedEvent[], clock: Clock, broker: string): { ended: Promise<void>; stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async () => {
    const publisher = await Publisher.connect(broker);
    try {
      for (const { time, text } of events) {
        await until(time, clock, stopping.signal);
        if (stopping.signal.aborted) return;
        const topic = topicOf(JSON.parse(text) as Record<string, unknown>);
        if (topic) await publisher.publish(topic, text);
      }
      await publisher.settled();
      await sleep(LINGER_MS, undefined, { signal: stopping.signal });
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    } finally {
      await publisher.close();
    }
  };
  const running = run();
  return {
    ended: running.then(() => (stopping.signal.aborted ? new Promise<void>(() => {}) : undefined)),
    async stop() {
      stopping.abort();
      await running.catch(() => {});
    },
  };
}
