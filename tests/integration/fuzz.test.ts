import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { eventTopic } from '#core/ingest/topic.ts';
import { topicOf } from '#core/mqtt/publisher.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { mutated } from '../fixtures/mutations.ts';
import { Random } from '../fixtures/random.ts';
import { temporaryDir } from '../fixtures/stores.ts';
import { Station, type BrokerKind } from '../rig/station.ts';
import { until } from '../rig/until.ts';
import { seed } from '../setup.ts';

const MESSAGES = 3_000;
const TYPE = 'unit.staffing-reported';
const ROOT = 'vigil/v1/local/main/events';
/** Below what a station subscribes to, with names of any sort; the last is the one that good events go by. */
const TOPICS = [`${ROOT}/ehr/adt.admitted`, `${ROOT}/__proto__/constructor`, `${ROOT}/ehr/${'x'.repeat(1_000)}`, `${ROOT}/ehr/adt.admitted/more`, `${ROOT}/é/\u{1f600}`, `${ROOT}/ / `, `${ROOT}/ehr/`, eventTopic(DEFAULT_SITE, 'staff', TYPE)];

let ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

async function station(kind: BrokerKind): Promise<Station> {
  const here = await Station.start(kind, temporaryDir());
  ends.push(() => here.stop());
  return here;
}

/** One more good event passes from broker to disk. */
async function stillTakes(here: Station, client: MqttClient, id: string): Promise<void> {
  await client.publishAsync(TOPICS.at(-1)!, JSON.stringify(envelope(TYPE, Date.now(), { unit: id, staffedBeds: 1 }, { id })), { qos: 1 });
  await until(`the event ${id} to be stored`, () => here.read<{ id: string }>(`SELECT id FROM ops_event WHERE id = '${id}'`).length === 1);
}

/** Mostly the topic that the message itself asks for, if it asks for one that Mosquitto lets through (no control characters). */
function topicFor(payload: Buffer, random: Random): string {
  if (random.below(4) === 0) return random.of(TOPICS);
  try {
    const topic = topicOf(JSON.parse(payload.toString()) as object);
    return topic && /^[\w./:-]{1,1000}$/.test(topic) ? topic : random.of(TOPICS);
  } catch {
    return random.of(TOPICS);
  }
}

const kept = (here: Station) => here.read<{ n: number }>('SELECT (SELECT COUNT(*) FROM ops_event) + (SELECT COUNT(*) FROM dead_letter) AS n')[0]!.n;

describe.each(['mosquitto', 'embedded'] as const)('by %s', (kind) => {
  test(`given ${MESSAGES} mutated events at QoS 1 on topics of every sort (seed ${seed}), when they are published, then all are acknowledged, each is kept in log or dead letters, and the core goes on`, async () => {
    const here = await station(kind);
    const pid = here.pid;
    const client = await here.client();
    const random = new Random(seed);
    const begin = Date.now() - 3_600_000;
    for (let i = 0; i < MESSAGES; i += 500) {
      const messages = Array.from({ length: 500 }, (_, j) => Buffer.from(mutated(random, i + j, begin).payload));
      await Promise.all(messages.map((payload) => client.publishAsync(topicFor(payload, random), payload, { qos: 1 })));
    }
    // The same body under the same id counts once: two of the mutated ids stand for several messages.
    await until('the backlog to be empty', async () => (await here.health())['backlog'] === 0);
    await stillTakes(here, client, 'afterwards');
    expect(kept(here)).toBeGreaterThan(MESSAGES * 0.9);
    expect(here.pid).toBe(pid);
    expect(await here.health()).toMatchObject({ store: 'ok', broker: 'connected' });
  });
});

test(`given MQTT 5 messages with odd attributes (seed ${seed}), when they are published, then the core goes on`, async () => {
  const here = await station('mosquitto');
  const client = await here.client(5);
  const random = new Random(seed);
  const values = ['', 'x'.repeat(300), '1.0', '{"a":1}', '__proto__', '\u202e', '2026-01-14T08:00:00Z', '//local/main/staff/1', TYPE, '9'.repeat(30)];
  for (let i = 0; i < 500; i++) {
    const userProperties = Object.fromEntries(['specversion', 'id', 'source', 'type', 'time', 'sequence', '__proto__', 'data'].filter(() => random.below(4) > 0).map((name) => [name, random.below(3) === 0 ? [random.of(values), random.of(values)] : random.of(values)]));
    await client.publishAsync(random.of(TOPICS), Buffer.from(mutated(random, i, Date.now()).payload), { qos: random.of([0, 1]), retain: random.below(20) === 0, properties: { userProperties, contentType: random.of(['application/json', 'text/plain', '']) } });
  }
  await stillTakes(here, client, 'afterwards');
});

test(`given bytes that are no MQTT on the embedded broker's port (seed ${seed}), when they come before, within and after a handshake, then the core goes on`, async () => {
  const here = await station('embedded');
  const client = await here.client();
  const random = new Random(seed);
  const { port } = new URL(here.broker.replace('mqtt:', 'http:'));
  const hello = Buffer.from([0x10, 0x10, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 4, 0x66, 0x75, 0x7a, 0x7a]);
  const topic = Buffer.from(TOPICS[0]!);
  const publish = Buffer.concat([Buffer.from([0x32, topic.length + 4 + 2, 0, topic.length]), topic, Buffer.from([0, 7, 0x7b, 0x7d])]);
  for (let i = 0; i < 300; i++) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    const spoiled = Buffer.concat([random.of([hello, Buffer.alloc(0)]), random.of([publish, hello, random.bytes(40)])]);
    for (let n = random.below(4); n > 0; n--) spoiled[random.below(spoiled.length)] = random.below(256);
    socket.write(random.below(3) === 0 ? random.bytes(random.below(2_000)) : spoiled);
    await sleep(1);
    if (random.below(2) === 0) socket.destroy();
    else socket.end();
  }
  await stillTakes(here, client, 'afterwards');
  expect(await here.health()).toMatchObject({ store: 'ok', backlog: 0 });
});
