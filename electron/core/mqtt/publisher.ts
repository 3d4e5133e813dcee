import type { Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { parseSource } from '#shared/events/envelope.ts';
import { eventTopic } from '../ingest/topic.ts';

/** Publishes unacknowledged at once; enough to fill a group commit, few enough to resend after a cut link. */
const WINDOW = 1_000;
const RESEND_MS = 50;

/** Topic of an event by its own envelope; undefined when source or type are missing or have another form. */
export function topicOf(envelope: { source?: unknown; type?: unknown }): string | undefined {
  const from = typeof envelope.source === 'string' ? parseSource(envelope.source) : undefined;
  return from && typeof envelope.type === 'string' ? eventTopic(from, from.source, envelope.type) : undefined;
}

/** Publishes events at QoS 1 over one connection, so that their order stays, with a bounded number unacknowledged. */
export class Publisher {
  readonly #client: MqttClient;
  #open = 0;
  #closing = false;
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

  /** Sends one event; resolves when there is room for the next. */
  async publish(topic: string, payload: string | Buffer): Promise<void> {
    this.#open++;
    this.#send(topic, payload);
    if (this.#open >= WINDOW) await this.#change(() => this.#open < WINDOW / 2);
  }

  /** Resolves when everything sent has been acknowledged. */
  async settled(): Promise<void> {
    await this.#change(() => this.#open === 0);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#client.endAsync();
  }

  /** MQTT.js gives open messages of a clean session back when the link is cut: they go again, and count once at the core. */
  #send(topic: string, payload: string | Buffer): void {
    this.#client.publish(topic, payload, { qos: 1 }, (error) => {
      if (error) {
        if (!this.#closing) setTimeout(() => this.#send(topic, payload), RESEND_MS);
        return;
      }
      this.#open--;
      this.acknowledged++;
      this.#wake?.();
    });
  }

  async #change(until: () => boolean): Promise<void> {
    while (!until()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
