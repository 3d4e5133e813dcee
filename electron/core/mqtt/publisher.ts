import type { Socket } from 'node:net';
import type { MqttClient } from 'mqtt';
import { parseSource } from '#shared/events/envelope.ts';
import { eventTopic } from '../ingest/topic.ts';
import type { Keys } from '../tls/key-files.ts';
import { connectOnce } from './connect.ts';

/** Messages unacknowledged at once; enough to fill a group commit, few enough to send again after a cut link. */
const WINDOW = 1_000;
const RECONNECT_MS = 100;

/** Topic of an event by its own envelope; undefined when source or type are missing or have another form. */
export function topicOf(envelope: { source?: unknown; type?: unknown }): string | undefined {
  const from = typeof envelope.source === 'string' ? parseSource(envelope.source) : undefined;
  return from && typeof envelope.type === 'string' ? eventTopic(from, from.source, envelope.type) : undefined;
}

interface Open {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly acknowledged: () => void;
}

/**
 * Publishes events at QoS 1 over one connection, in order, and holds each until it is acknowledged. After a cut link
 * it sends all open ones again at once: MQTT.js by itself would wait for each PUBACK before the next.
 */
export class Publisher {
  readonly #client: MqttClient;
  readonly #open = new Set<Open>();
  #wake: (() => void) | undefined;
  acknowledged = 0;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('connect', () => this.#connected());
    client.on('error', () => {});
    this.#connected();
  }

  /** Connects, to a broker by TLS with `keys`; throws if it is not reachable. Later interruptions are bridged. */
  static async connect(url: string, keys: Keys = {}): Promise<Publisher> {
    return new Publisher(await connectOnce(url, { ...keys, protocolVersion: 4, reconnectPeriod: RECONNECT_MS }));
  }

  /** Messages sent and not yet acknowledged. */
  get open(): number {
    return this.#open.size;
  }

  /** Sends one message; resolves when there is room for the next. */
  async publish(topic: string, payload: string | Buffer, acknowledged: () => void = () => {}): Promise<void> {
    const message = { topic, payload, acknowledged };
    this.#open.add(message);
    if (this.#client.connected) this.#send(message);
    if (this.#open.size >= WINDOW) await this.#change(() => this.#open.size < WINDOW / 2);
  }

  /** Resolves when everything sent has been acknowledged. */
  async settled(): Promise<void> {
    await this.#change(() => this.#open.size === 0);
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #connected(): void {
    (this.#client.stream as Partial<Socket>).setNoDelay?.(true);
    for (const message of this.#open) this.#send(message);
  }

  #send(message: Open): void {
    this.#client.publish(message.topic, message.payload, { qos: 1 }, (error) => {
      // What a cut link gives back stays open until the next connection.
      if (error || !this.#open.delete(message)) return;
      this.acknowledged++;
      message.acknowledged();
      this.#wake?.();
    });
  }

  async #change(until: () => boolean): Promise<void> {
    while (!until()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
