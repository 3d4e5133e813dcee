import { setTimeout as sleep } from 'node:timers/promises';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import type { TestEnvelope } from '../fixtures/envelopes.ts';

const TURN_MS = 10;

/** Publishes events at a rate, through every interruption, and remembers which ones were acknowledged. */
export class SteadyPublisher {
  readonly acknowledged = new Set<string>();
  readonly sent: TestEnvelope[] = [];
  readonly #publisher: Publisher;

  private constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  static async connect(url: string): Promise<SteadyPublisher> {
    return new SteadyPublisher(await Publisher.connect(url));
  }

  /** Sends `count` events made by `make(i, time)`, `rate` a second; what cannot be sent waits, as at a source. */
  async send(count: number, rate: number, make: (i: number, time: number) => TestEnvelope): Promise<void> {
    const start = performance.now();
    const first = this.sent.length;
    for (let done = 0; done < count; ) {
      const due = Math.min(count, Math.ceil(((performance.now() - start) / 1000) * rate));
      for (; done < due; done++) {
        const event = make(first + done, Date.now());
        this.sent.push(event);
        void this.#publisher.publish(topicOf(event)!, JSON.stringify(event), () => this.acknowledged.add(event.id));
      }
      await sleep(TURN_MS);
    }
  }

  close(): Promise<void> {
    return this.#publisher.close();
  }
}
