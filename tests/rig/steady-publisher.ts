import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { topicOf } from '#core/mqtt/publisher.ts';
import type { TestEnvelope } from '../fixtures/envelopes.ts';

const TURN_MS = 10;

/** Publishes events at a rate, through every interruption, and remembers which ones the broker acknowledged. */
export class SteadyPublisher {
  readonly acknowledged = new Set<string>();
  readonly sent: TestEnvelope[] = [];
  readonly #client: MqttClient;
  #closed = false;

  constructor(url: string) {
    this.#client = mqtt.connect(url, { protocolVersion: 4, reconnectPeriod: 50, connectTimeout: 2_000, clientId: `source-${process.pid}-${Math.random().toString(36).slice(2)}`, clean: true });
    this.#client.on('error', () => {});
  }

  /** Sends `count` events made by `make(i, time)`, `rate` a second. */
  async send(count: number, rate: number, make: (i: number, time: number) => TestEnvelope): Promise<void> {
    const start = performance.now();
    const first = this.sent.length;
    for (let done = 0; done < count; ) {
      const due = Math.min(count, Math.ceil(((performance.now() - start) / 1000) * rate));
      for (; done < due; done++) {
        const event = make(first + done, Date.now());
        this.sent.push(event);
        this.#publish(event);
      }
      await sleep(TURN_MS);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client.endAsync(true);
  }

  /** A source keeps what was not acknowledged and sends it again: MQTT.js gives it back when a clean session ends. */
  #publish(event: TestEnvelope): void {
    this.#client.publish(topicOf(event)!, JSON.stringify(event), { qos: 1 }, (error) => {
      if (!error) this.acknowledged.add(event.id);
      else if (!this.#closed) setTimeout(() => this.#publish(event), TURN_MS);
    });
  }
}
