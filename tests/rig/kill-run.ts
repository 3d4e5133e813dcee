import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadLines } from '#core/store/load.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { currentEntities, hashState } from '#core/store/state.ts';
import type { TestEnvelope } from '../fixtures/envelopes.ts';
import { loadEvent } from '../fixtures/load-events.ts';
import { CoreProcess } from './core-process.ts';
import { Mosquitto } from './mosquitto.ts';
import { freePort } from './ports.ts';
import { SteadyPublisher } from './steady-publisher.ts';
import { until } from './until.ts';

export interface KillRun {
  readonly broker: 'embedded' | 'mosquitto';
  readonly kills: number;
  /** Events a second. */
  readonly rate: number;
  /** Longest time between a start and the next kill, ms. */
  readonly lifeMs: number;
  /** Mosquitto is stopped by SIGTERM and started again this many times, between kills. */
  readonly brokerRestarts?: number;
  readonly onKill?: (done: number) => void;
}

export interface KillReport {
  readonly sent: number;
  readonly acknowledged: number;
  /** Acknowledged events that the log does not hold. */
  readonly lost: string[];
  /** Identities that stand in the log more than once. */
  readonly doubled: number;
  readonly hash: string;
  /** Hash of a store that took the same events undisturbed. */
  readonly undisturbed: string;
}

const SETTLE_MS = 60_000;

/** Publishes at a steady rate while the core is killed again and again at random moments; then compares with a calm run. */
export async function killRun(dir: string, { broker, kills, rate, lifeMs, brokerRestarts = 0, onKill = () => {} }: KillRun): Promise<KillReport> {
  const mqttPort = await freePort();
  const mosquitto = broker === 'mosquitto' ? new Mosquitto(dir, mqttPort) : undefined;
  await mosquitto?.start();
  const data = join(dir, 'disturbed');
  const core = new CoreProcess(['--broker', mosquitto?.url ?? 'embedded', '--data', data, '--port', '0', '--mqtt-port', String(mqttPort)]);
  await core.start();
  // A session must exist before the first event, else the broker keeps nothing for the station.
  await until('the core to hold its session', async () => mosquitto === undefined || (await sleep(500), true));
  const publisher = await SteadyPublisher.connect(`mqtt://127.0.0.1:${mqttPort}`);
  let killing = true;
  const publishing = (async () => {
    while (killing) await publisher.send(rate / 10, rate, loadEvent);
  })();
  const restartAfter = new Set(Array.from({ length: brokerRestarts }, (_, i) => Math.floor(((i + 1) * kills) / (brokerRestarts + 1))));
  try {
    for (let done = 0; done < kills; done++) {
      await sleep(Math.random() * lifeMs);
      await core.kill();
      if (restartAfter.has(done)) {
        await mosquitto!.stop();
        await mosquitto!.start();
      }
      await core.start();
      onKill(done + 1);
    }
    killing = false;
    await publishing;
    await until('every event to be acknowledged', () => publisher.acknowledged.size === publisher.sent.length, SETTLE_MS);
    await until('every event to be stored', () => countEvents(data) >= publisher.sent.length, SETTLE_MS);
  } finally {
    killing = false;
    await publishing.catch(() => {});
    await publisher.close();
    await core.stop();
    await mosquitto?.stop();
  }
  return report(data, publisher.sent, publisher.acknowledged, await undisturbed(join(dir, 'calm'), publisher.sent));
}

function countEvents(data: string): number {
  const db = openForReading(storeFiles(data, DEFAULT_SITE).log);
  try {
    return (db.prepare('SELECT COUNT(*) AS n FROM ops_event').get() as { n: number }).n;
  } finally {
    db.close();
  }
}

async function undisturbed(data: string, events: readonly TestEnvelope[]): Promise<string> {
  const store = openSiteStore({ dataDir: data, id: DEFAULT_SITE, withVault: true });
  try {
    await loadLines(store, (async function* () {
      for (const event of events) yield { text: JSON.stringify(event) };
    })(), Date.now());
    return hashState(currentEntities(store.db));
  } finally {
    store.close();
  }
}

function report(data: string, sent: readonly TestEnvelope[], acknowledged: ReadonlySet<string>, calm: string): KillReport {
  const db = openForReading(storeFiles(data, DEFAULT_SITE).log);
  try {
    const stored = (db.prepare('SELECT id FROM ops_event').all() as { id: string }[]).map(({ id }) => id);
    const held = new Set(stored);
    return {
      sent: sent.length,
      acknowledged: acknowledged.size,
      lost: [...acknowledged].filter((id) => !held.has(id)),
      doubled: stored.length - held.size,
      hash: hashState(currentEntities(db)),
      undisturbed: calm,
    };
  } finally {
    db.close();
  }
}
