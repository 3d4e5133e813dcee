import { parentPort, workerData } from 'node:worker_threads';
import { sharedClock, type ClockOrigin } from '../clock/clock.ts';
import { until } from '../mqtt/pace.ts';
import { Publisher, topicOf } from '../mqtt/publisher.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { Keys } from '../tls/key-files.ts';
import type { Sent } from '../simulate/hospital/emitter.ts';
import { hospitalOf, type Course } from './course.ts';

/** What the thread of the demo hospital is given. */
export interface FeedData {
  readonly course: Course;
  readonly site: SiteConfig;
  /** Epoch ms on the demo's clock: what was sent before is in the store. */
  readonly start: number;
  readonly clock: ClockOrigin;
  readonly broker: string;
  /** Of a broker by TLS. */
  readonly keys: Keys;
}

/** The demo hospital in a thread of its own: publishes what its systems say when the clock comes to it. */
async function run({ course, site, start, clock: origin, broker, keys }: FeedData, stop: AbortSignal): Promise<void> {
  const publisher = await Publisher.connect(broker, keys);
  const clock = sharedClock(origin);
  const sent: Sent[] = [];
  const hospital = hospitalOf(course, site, (one) => one.at >= start && sent.push(one));
  hospital.run(start);
  try {
    while (!stop.aborted) {
      for (const { envelope } of sent.splice(0)) {
        if (stop.aborted) return;
        await publisher.publish(topicOf(envelope)!, JSON.stringify(envelope));
      }
      await until(hospital.next, clock, stop);
      hospital.run(Math.max(hospital.now, clock.now()));
    }
  } finally {
    await publisher.close();
  }
}

const stopping = new AbortController();
parentPort!.once('message', () => stopping.abort());
await run(workerData as FeedData, stopping.signal);
parentPort!.close();
