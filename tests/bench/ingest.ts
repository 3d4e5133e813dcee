import type Database from 'better-sqlite3';
import { join } from 'node:path';
import { openForReading, openForWriting } from '#core/store/open.ts';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { loadEvent } from '../fixtures/load-events.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { Mosquitto } from '../rig/mosquitto.ts';
import { freePort } from '../rig/ports.ts';
import { until } from '../rig/until.ts';
import type { Row } from './report.ts';

const EVENTS = 30_000;

interface Health {
  commits: number;
  backlog: number;
}

/** Events a second from a publisher's first PUBLISH to the commit of the last one, beside bare inserts of the same rows. */
export async function ingest(dir: string, broker: 'embedded' | 'mosquitto'): Promise<Row> {
  const mqttPort = await freePort();
  const mosquitto = broker === 'mosquitto' ? new Mosquitto(dir, mqttPort) : undefined;
  await mosquitto?.start();
  const data = join(dir, `ingest-${broker}`);
  const core = new CoreProcess(['--broker', mosquitto?.url ?? 'embedded', '--data', data, '--port', '0', '--mqtt-port', String(mqttPort)]);
  try {
    const { wall } = await core.start();
    const health = async () => (await (await fetch(`${wall}/api/v1/ops/health`)).json()) as Health & { broker: string };
    await until('the link to the broker', async () => (await health()).broker === 'connected');
    const events = Array.from({ length: EVENTS }, (_, i) => loadEvent(i, Date.now()));
    const messages = events.map((event) => ({ topic: topicOf(event)!, payload: JSON.stringify(event) }));
    const publisher = await Publisher.connect(`mqtt://127.0.0.1:${mqttPort}`);
    const start = performance.now();
    for (const { topic, payload } of messages) await publisher.publish(topic, payload);
    await publisher.settled();
    const file = join(data, 'local.main.db');
    await until('the last commit', () => stored(file) === EVENTS);
    const ours = (EVENTS / (performance.now() - start)) * 1000;
    const { commits } = await health();
    await publisher.close();
    const batch = Math.max(1, Math.round(EVENTS / commits));
    return { what: `ingest by ${broker}, ${batch} events a commit`, ours, floor: bareInserts(file, join(dir, `bare-${broker}.db`), batch), unit: 'ev/s', kind: 'rate' };
  } finally {
    await core.stop();
    await mosquitto?.stop();
  }
}

function stored(file: string): number {
  const db = openForReading(file);
  try {
    return (db.prepare('SELECT COUNT(*) AS n FROM ops_event').get() as { n: number }).n;
  } finally {
    db.close();
  }
}

/** The floor: the same rows into one table without indexes, WAL and `synchronous=FULL`, as many a transaction as above. */
function bareInserts(from: string, to: string, batch: number): number {
  const source = openForReading(from);
  const rows = source.prepare('SELECT source_id, id, type, time, sequence, entity, constructed, data, hash, received FROM ops_event').raw().all() as unknown[][];
  source.close();
  const db: Database.Database = openForWriting(to);
  db.exec('CREATE TABLE bare (position INTEGER PRIMARY KEY, source_id, id, type, time, sequence, entity, constructed, data, hash, received)');
  const insert = db.prepare('INSERT INTO bare (source_id, id, type, time, sequence, entity, constructed, data, hash, received) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const insertAll = db.transaction((part: unknown[][]) => part.forEach((row) => insert.run(...row)));
  const start = performance.now();
  for (let i = 0; i < rows.length; i += batch) insertAll(rows.slice(i, i + batch));
  const rate = (rows.length / (performance.now() - start)) * 1000;
  db.close();
  return rate;
}
