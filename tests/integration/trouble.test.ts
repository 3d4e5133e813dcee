import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mqtt from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import type { SourceRecord, Trouble } from '#shared/sources.ts';
import { FULL_MESSAGES } from '#core/store/writer-thread.ts';
import { topicOf } from '#core/mqtt/publisher.ts';
import { envelope, type TestEnvelope } from '../fixtures/envelopes.ts';
import { temporaryDir } from '../fixtures/stores.ts';
import { Flood } from '../rig/flood.ts';
import { rssMb } from '../rig/memory.ts';
import { Station, type BrokerKind } from '../rig/station.ts';
import { until } from '../rig/until.ts';
import { answer } from '../rig/vigil-run.ts';

/** What a core may grow by while it is flooded: what may wait, twice over on its way to the writer, and the heap's slack. */
const GROWTH_MB = 300;
const FLOODERS = 4;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const SITE = `sources:
  - { kind: staff, instance: test, intervalSeconds: 60 }
  - { kind: lis, instance: analyser, expectedPerHour: 1000 }
`;

async function station(kind: BrokerKind, dir = temporaryDir()): Promise<Station> {
  const config = join(dir, 'site.yaml');
  writeFileSync(config, SITE);
  const here = await Station.start(kind, dir, { flags: ['--config', config] });
  ends.push(() => here.stop());
  return here;
}

const staffing = (id: string, time = Date.now()) => envelope('unit.staffing-reported', time, { unit: `U-${id}`, staffedBeds: 9 }, { id });
const beat = (source: string, id: string, time = Date.now()) => envelope('source.heartbeat', time, { instance: source.split('/')[1]! }, { source: `//local/main/${source}`, id });
const message = (event: TestEnvelope) => ({ topic: topicOf(event)!, payload: JSON.stringify(event) });
const troubles = async (here: Station) => (await here.health())['troubles'] as Trouble[];
const names = async (here: Station) => (await troubles(here)).map(({ state, source }) => (source ? `${state} ${source}` : state));
const sources = (here: Station) => answer<SourceRecord[]>(['sources', 'list', '--data', here.data]);
const source = async (here: Station, instance: string) => (await sources(here)).find((one) => one.instance === instance);

describe.each(['mosquitto', 'embedded'] as const)('by %s', (kind) => {
  test('given a source that floods 20,000 events a second at QoS 0, when others go on, then they are served, memory stays bounded, it is named, and all is well after', async () => {
    const here = await station(kind);
    const client = await mqtt.connectAsync(here.broker, { protocolVersion: 4, reconnectPeriod: 0 });
    ends.push(() => client.endAsync(true));
    const publish = (event: TestEnvelope) => client.publishAsync(message(event).topic, message(event).payload, { qos: 1 });
    for (const name of ['staff/test', 'lis/analyser']) await publish(beat(name, 'first'));
    await until('a calm start', async () => (await names(here)).length === 0);

    const seen = new Set<string>();
    const before = rssMb(here.pid);
    let most = before;
    let backlog = 0;
    const acknowledged: string[] = [];
    const open: Promise<unknown>[] = [];
    let flooding = true;
    ends.push(() => (flooding = false));
    const others = (async () => {
      for (let i = 0; flooding; i++) {
        const event = staffing(`other-${i}`);
        open.push(publish(event).then(() => acknowledged.push(event.id)));
        await sleep(25);
      }
    })();
    const watch = (async () => {
      while (flooding) {
        for (const name of await names(here)) seen.add(name);
        most = Math.max(most, rssMb(here.pid));
        backlog = Math.max(backlog, Number((await here.health())['backlog']));
        await sleep(100);
      }
    })();
    const floods = await Promise.all(Array.from({ length: FLOODERS }, (_, i) => Flood.connect(here.broker, `flood-${i}`)));
    await Promise.all(floods.map((flood, n) => flood.run(20_000 / FLOODERS, 6, (i) => message(beat('lis/analyser', `${n}-${i}`)))));
    const duringFlood = acknowledged.length;
    floods.forEach((flood) => flood.close());
    await Promise.all(open);
    await until('the flood to be worked off', async () => (await here.health())['backlog'] === 0 && !(await names(here)).some((name) => name.startsWith('flooding') || name === 'back-pressure'), 60_000);
    flooding = false;
    await Promise.all([others, watch]);
    await Promise.all(open);

    expect(floods.reduce((sum, { sent }) => sum + sent, 0)).toBeGreaterThan(20_000);
    expect([...seen]).toContain('flooding lis/analyser');
    expect(backlog).toBeLessThanOrEqual(FULL_MESSAGES);
    expect(most - before).toBeLessThan(GROWTH_MB);
    expect(duringFlood).toBeGreaterThan(0);
    const stored = new Set(here.read<{ id: string }>("SELECT id FROM ops_event WHERE id LIKE 'other-%'").map(({ id }) => id));
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(await names(here)).toEqual([]);
  });

  test('given an unknown source, when it speaks and somebody accepts it through the running core, then what waited is there; another is refused', async () => {
    const here = await station(kind);
    const client = await here.client();
    const publish = (event: TestEnvelope) => client.publishAsync(message(event).topic, message(event).payload, { qos: 1 });
    const from = (instance: string, i: number) => ({ ...staffing(`${instance}-${i}`), source: `//local/main/staff/${instance}` });
    for (let i = 0; i < 20; i++) await Promise.all([publish(from('new', i)), publish(from('odd', i))]);
    await until('all to wait', async () => (await source(here, 'new'))?.waiting === 20 && (await source(here, 'odd'))?.waiting === 20);
    expect(await source(here, 'new')).toMatchObject({ state: 'quarantined', accepted: 0 });
    await until('both to be named', async () => (await names(here)).filter((name) => name.startsWith('quarantined ')).length === 2);
    expect(await names(here)).toContain('never-heard lis/analyser');

    await answer(['sources', 'accept', 'staff/new', '--data', here.data, '--core', here.wall]);
    await answer(['sources', 'refuse', 'staff/odd', '--data', here.data, '--core', here.wall]);
    await until('what waited to be folded', async () => (await source(here, 'new'))?.accepted === 20);
    await until('what was refused to be set aside', () => here.read('SELECT 1 FROM dead_letter').length === 20);
    const { entities } = await answer<{ entities: { kind: string; id: string }[] }>(['state', '--data', here.data]);
    expect(entities.filter(({ id }) => id.startsWith('U-new-'))).toHaveLength(20);

    await answer(['sources', 'register', 'ris/second', '--title', 'CT', '--expected', '40', '--data', here.data, '--core', here.wall]);
    const { items: told } = (await (await here.ask('GET', '/event-sources')).json()) as { items: (SourceRecord & { troubles: Trouble[] })[] };
    expect(told.find(({ instance }) => instance === 'second')).toMatchObject({ kind: 'ris', title: 'CT', expectedPerHour: 40, registeredBy: 'person', troubles: [{ state: 'never-heard' }] });
    await expect(answer(['sources', 'accept', 'ehr/nobody', '--data', here.data, '--core', here.wall])).rejects.toThrow(/no source .*ehr\/nobody has been heard/i);

    await answer(['sources', 'accept', 'staff/odd', '--data', here.data, '--core', here.wall]);
    const listed = await answer<{ reason: string; source: string }[]>(['dead-letters', 'list', '--source', 'staff/odd', '--data', here.data]);
    expect(listed[0]).toMatchObject({ reason: 'source-refused', source: '//local/main/staff/odd' });
    expect(await answer(['dead-letters', 'replay', '--reason', 'source-refused', '--data', here.data, '--core', here.wall])).toEqual({ replayed: 20, left: 0 });
    expect(await here.health()).toMatchObject({ deadLetters: 0 });
  });
});

test('given a source whose clock is a day ahead, when it speaks, then its events are held, it is named, and the metrics about the data say so', async () => {
  const here = await station('embedded');
  const client = await here.client();
  const publish = (event: TestEnvelope) => client.publishAsync(message(event).topic, message(event).payload, { qos: 1 });
  await publish(beat('staff/test', 'now'));
  for (let i = 0; i < 5; i++) await publish(beat('lis/analyser', `day-${i}`, Date.now() + 86_400_000));
  await until('the source to be named', async () => (await names(here)).includes('clock-ahead lis/analyser'));
  const metric = async (id: string, scope = '') => (await (await fetch(`${here.wall}/api/v1/ops/metrics/${id}${scope}`)).json()) as { value: number; sources: unknown[]; troubles: Trouble[] };
  expect(await metric('data.waiting', '?scope.source=lis')).toMatchObject({ value: 5, sources: [{ source: 'lis/analyser', value: 5, states: expect.arrayContaining(['clock-ahead']) as string[] }] });
  const age = await metric('data.age_seconds', '?scope.source=staff');
  expect(age.value).toBeGreaterThanOrEqual(0);
  expect(age.troubles.map(({ state }) => state)).toContain('clock-ahead');
});
