import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Keys } from '../tls/key-files.ts';
import { brokerAddress } from './address.ts';
import { connectOnce } from './connect.ts';

/** More than the 1,000 messages that Mosquitto queues by default before it drops. */
const MESSAGES = 1_500;
const QUIET_MS = 500;
/** For what waits to come; for all of it. */
const COLLECT_MS = 10_000;
const LIMIT_MS = 25_000;

export type Probe =
  | { reachable: false; problem: string }
  | { reachable: true; version: '5' | '3.1.1'; roundTripMs: number; sentWhileAway: number; keptWhileAway: number; problem?: undefined }
  /** It answers, and does not let this be tried. */
  | { reachable: true; version: '5' | '3.1.1'; roundTripMs?: undefined; problem: string };

const told = (error: unknown): string => (error as Error).message || String((error as { code?: string }).code);

/**
 * Tries what Vigil relies on at a broker: that messages sent while a station is away wait for it. Uses a topic and a
 * session of its own and removes both. Ends within a minute, whatever the broker does.
 * @param keys that a broker by TLS is spoken to with
 */
export async function probeBroker(url: string, keys: Keys = {}): Promise<Probe> {
  const run = new ProbeRun(url, keys);
  let version: 4 | 5 = 5;
  try {
    let station: MqttClient;
    try {
      station = await run.join(false, 5).catch(() => ((version = 4), run.join(false, 4)));
    } catch (error) {
      return { reachable: false, problem: told(error) };
    }
    const spoken = version === 5 ? '5' : '3.1.1';
    const late = sleep(LIMIT_MS, undefined, { ref: false }).then((): never => {
      throw new Error(`it took longer than ${LIMIT_MS / 1_000} s`);
    });
    try {
      return { reachable: true, version: spoken, ...(await Promise.race([run.try(station, version), late])) };
    } catch (error) {
      return { reachable: true, version: spoken, problem: told(error) };
    }
  } finally {
    await run.end(version);
  }
}

/** One try, with everything that it has opened. */
class ProbeRun {
  readonly #url: string;
  readonly #keys: Keys;
  readonly #clientId = `vigil-doctor-${process.pid}-${randomBytes(4).toString('hex')}`;
  readonly #clients: MqttClient[] = [];

  constructor(url: string, keys: Keys) {
    this.#url = url;
    this.#keys = keys;
  }

  /** Connects as the station that comes and goes. */
  join(clean: boolean, version: 4 | 5): Promise<MqttClient> {
    return this.#connect({ clientId: this.#clientId, clean, protocolVersion: version, ...lasting(version, clean) });
  }

  async try(station: MqttClient, version: 4 | 5): Promise<{ roundTripMs: number; sentWhileAway: number; keptWhileAway: number }> {
    const topic = `vigil/doctor/${this.#clientId}`;
    await station.subscribeAsync(topic, { qos: 1 });
    const sender = await this.#connect({ protocolVersion: 4 });
    const heard = new Promise<void>((resolve) => station.once('message', () => resolve()));
    const start = performance.now();
    await sender.publishAsync(topic, 'ping', { qos: 1 });
    await Promise.race([heard, sleep(COLLECT_MS, undefined, { ref: false })]);
    const roundTripMs = performance.now() - start;
    await station.endAsync(false);
    await Promise.all(Array.from({ length: MESSAGES }, (_, i) => sender.publishAsync(topic, String(i), { qos: 1 })));
    return { roundTripMs, sentWhileAway: MESSAGES, keptWhileAway: await this.#collect(version) };
  }

  /** Removes the session, and leaves no connection. */
  async end(version: 4 | 5): Promise<void> {
    const connected = this.#clients.length > 0;
    await Promise.all(this.#clients.map((client) => client.endAsync(true).catch(() => undefined)));
    if (connected) await this.join(true, version).then((client) => client.endAsync(true), () => undefined);
  }

  async #connect(options: IClientOptions): Promise<MqttClient> {
    const client = await connectOnce(this.#url, { ...this.#keys, ...options, reconnectPeriod: 0 });
    // What goes wrong later is told by who waits for it.
    client.on('error', () => {});
    this.#clients.push(client);
    return client;
  }

  /** Takes up the session and counts what waits in it. */
  async #collect(version: 4 | 5): Promise<number> {
    let kept = 0;
    let last = performance.now();
    const station = mqtt.connect({ ...brokerAddress(this.#url), ...this.#keys, clientId: this.#clientId, clean: false, protocolVersion: version, reconnectPeriod: 0, ...lasting(version, false) });
    station.on('error', () => {});
    this.#clients.push(station);
    station.on('message', () => {
      kept++;
      last = performance.now();
    });
    const end = last + COLLECT_MS;
    while (kept < MESSAGES && performance.now() < end && performance.now() - last < (kept === 0 ? 4 * QUIET_MS : QUIET_MS)) await sleep(20);
    return kept;
  }
}

/** MQTT 5 says by itself how long a session outlives its connection. */
const lasting = (version: 4 | 5, clean: boolean): IClientOptions => (version === 5 && !clean ? { properties: { sessionExpiryInterval: 60 } } : {});
