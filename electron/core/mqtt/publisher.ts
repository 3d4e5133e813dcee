import type { Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { parseSource } from '#shared/events/envelope.ts';
import { eventTopic } from '../ingest/topic.ts';

/** Publishes unacknowledged at once; enough to fill a group commit, few enough to resend after a cut link. */
const WINDOW = 1_000;

/** Topic of an event by its own envelope; undefined when source or type are missing or have another form. */
export function topicOf(envelope: { source?: unknown; type?: unknown }): string | undefined {
  const from = typeof envelope.source === 'string' ? parseSource(envelope.source) : undefined;
  return from && typeof envelope.type === 'string' ? eventTopic(from, from.source, envelope.type) : undefined;
}

/** Publishes events at QoS 1 over one connection, so that their order stays, with a bounded number unacknowledged. */
export class Publisher {
  readonly #client: MqttClient;
  #open = 0;
  #failed: Error | undefined;
  #wake: (() => void) | undefined;
  acknowledged = 0;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('connect', () => (client.stream as Partial<Socket>).setNoDelay?.(true));
    (client.stream as Partial<Socket>).setNoDelay?.(true);
  }

  /** Connects; throws if the broker is not reachable. Later interruptions are bridged: unacknowledged events go again. */
  static async connect(url: string): Promise<Publisher> {
    return new Publisher(await mqtt.connectAsync(url, { protocolVersion: 4, reconnectPeriod: 250, connectTimeout: 5_000 }, false));
  }

  /** Sends one event; resolves when there is room for the next. Throws if the broker refused an earlier one. */
  async publish(topic: string, payload: string | Buffer, onAcknowledged?: () => void): Promise<void> {
    if (this.#failed) throw this.#failed;
    this.#open++;
    this.#client.publish(topic, payload, { qos: 1 }, (error) => {
      this.#open--;
      if (error) this.#failed = error;
      else {
        this.acknowledged++;
        onAcknowledged?.();
      }
      this.#wake?.();
    });
    if (this.#open >= WINDOW) await this.#change(() => this.#open < WINDOW / 2);
  }

  /** Resolves when everything sent has been acknowledged. */
  async settled(): Promise<void> {
    await this.#change(() => this.#open === 0);
    if (this.#failed) throw this.#failed;
  }

  async close(): Promise<void> {
    await this.#client.endAsync();
  }

  async #change(until: () => boolean): Promise<void> {
    while (!until() && !this.#failed) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
