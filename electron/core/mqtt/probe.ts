import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import type { Keys } from '../tls/key-files.ts';
import { brokerAddress } from './address.ts';
import { connectOnce } from './connect.ts';

/** More than the 1,000 messages that Mosquitto queues by default before it drops. */
const MESSAGES = 1_500;
const QUIET_MS = 500;
const LIMIT_MS = 10_000;

export type Probe =
  | { reachable: false; problem: string }
  | { reachable: true; version: '5' | '3.1.1'; roundTripMs: number; sentWhileAway: number; keptWhileAway: number };

/**
 * Tries what Vigil relies on at a broker: that messages sent while a station is away wait for it. Uses a topic and a
 * session of its own and removes both.
 * @param keys that a broker by TLS is spoken to with
 */
export async function probeBroker(url: string, keys: Keys = {}): Promise<Probe> {
  const clientId = `vigil-doctor-${process.pid}`;
  const topic = `vigil/doctor/${clientId}`;
  const join = (clean: boolean, version: 4 | 5) =>
    connectOnce(url, { ...keys, clientId, clean, protocolVersion: version, reconnectPeriod: 0, ...(version === 5 && !clean ? { properties: { sessionExpiryInterval: 60 } } : {}) });
  let version: 4 | 5 = 5;
  let station: MqttClient;
  try {
    station = await join(false, 5).catch(() => ((version = 4), join(false, 4)));
  } catch (error) {
    return { reachable: false, problem: (error as Error).message || String((error as { code?: string }).code) };
  }
  await station.subscribeAsync(topic, { qos: 1 });
  const sender = await connectOnce(url, { ...keys, protocolVersion: 4, reconnectPeriod: 0 });
  try {
    const heard = new Promise<void>((resolve) => station.once('message', () => resolve()));
    const start = performance.now();
    await sender.publishAsync(topic, 'ping', { qos: 1 });
    await Promise.race([heard, sleep(LIMIT_MS)]);
    const roundTripMs = performance.now() - start;
    await station.endAsync(false);
    await Promise.all(Array.from({ length: MESSAGES }, (_, i) => sender.publishAsync(topic, String(i), { qos: 1 })));
    return { reachable: true, version: version === 5 ? '5' : '3.1.1', roundTripMs, sentWhileAway: MESSAGES, keptWhileAway: await collect(url, keys, clientId, version) };
  } finally {
    await sender.endAsync(true);
    await (await join(true, version)).endAsync(true);
  }
}

/** Takes up the session and counts what waits in it. */
async function collect(url: string, keys: Keys, clientId: string, version: 4 | 5): Promise<number> {
  let kept = 0;
  let last = performance.now();
  const station = mqtt.connect({ ...brokerAddress(url), ...keys, clientId, clean: false, protocolVersion: version, reconnectPeriod: 0, ...(version === 5 ? { properties: { sessionExpiryInterval: 60 } } : {}) });
  station.on('message', () => {
    kept++;
    last = performance.now();
  });
  const end = last + LIMIT_MS;
  while (kept < MESSAGES && performance.now() < end && (kept === 0 ? performance.now() - last < 4 * QUIET_MS : performance.now() - last < QUIET_MS)) await sleep(20);
  await station.endAsync(true);
  return kept;
}
