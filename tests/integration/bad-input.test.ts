import { afterEach, describe, expect, test } from 'vitest';
import { eventTopic } from '#core/ingest/topic.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { temporaryDir } from '../fixtures/stores.ts';
import { Station, type BrokerKind } from '../rig/station.ts';
import { until } from '../rig/until.ts';

const TYPE = 'unit.staffing-reported';
const TOPIC = eventTopic(DEFAULT_SITE, 'staff', TYPE);
const NOW = Date.now();
const staffing = (id: string, staffedBeds = 12) => envelope(TYPE, NOW, { unit: `U-${id}`, staffedBeds }, { id });

interface Bad {
  readonly reason: string;
  readonly payload: string | Buffer;
  readonly topic?: string;
}

const json = (value: unknown) => JSON.stringify(value);

/** One of each kind of message that cannot be taken. `two-bodies` needs {@link FIRST_BODY} before it. */
const BAD: readonly Bad[] = [
  { reason: 'not-json', payload: 'MSH|^~\\&|EPIC' },
  { reason: 'not-json', payload: '' },
  { reason: 'bad-envelope', payload: json({ ...staffing('x'), specversion: '0.3' }) },
  { reason: 'bad-envelope', payload: '['.repeat(100_000) + ']'.repeat(100_000) },
  { reason: 'bad-data', payload: json({ ...staffing('x'), data: { unit: 'MICU', staffedBeds: 'many' } }) },
  { reason: 'too-large', payload: json({ ...staffing('x'), data: { unit: 'x'.repeat(10 * 1024 * 1024), staffedBeds: 1 } }) },
  { reason: 'ahead-of-clock', payload: json({ ...staffing('far'), time: '9999-12-31T23:59:59Z' }) },
  { reason: 'two-bodies', payload: json(staffing('twice', 7)) },
  { reason: 'unknown-type', payload: json({ ...staffing('x'), type: 'unit.repainted' }), topic: eventTopic(DEFAULT_SITE, 'staff', 'unit.repainted') },
  { reason: 'unknown-source', payload: json({ ...staffing('x'), source: '//local/main/toaster/1' }), topic: eventTopic(DEFAULT_SITE, 'toaster', TYPE) },
  { reason: 'invalid-utf8', payload: Buffer.from([0x7b, 0xc3, 0x28, 0x7d]) },
  { reason: 'topic-mismatch', payload: json(staffing('x')), topic: eventTopic(DEFAULT_SITE, 'ehr', TYPE) },
  { reason: 'bad-topic', payload: json(staffing('x')), topic: `${TOPIC}/more` },
  { reason: 'other-site', payload: json({ ...staffing('x'), source: '//local/elsewhere/staff/1' }) },
];
const FIRST_BODY = staffing('twice', 8);
/** Reaches the embedded broker; a station on Mosquitto does not subscribe to it. */
const OTHER_SITE: Bad = { reason: 'other-site', payload: json({ ...staffing('x'), source: '//local/elsewhere/staff/1' }), topic: eventTopic({ tenant: 'local', site: 'elsewhere' }, 'staff', TYPE) };

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function station(kind: BrokerKind): Promise<Station> {
  const here = await Station.start(kind, temporaryDir());
  ends.push(() => here.stop());
  return here;
}

const reasons = (here: Station) => here.read<{ reason: string }>('SELECT reason FROM dead_letter').map(({ reason }) => reason).sort();
const stored = (here: Station) => here.read<{ id: string }>('SELECT id FROM ops_event').map(({ id }) => id).sort();

describe.each(['mosquitto', 'embedded'] as const)('by %s', (kind) => {
  const bad = kind === 'embedded' ? [...BAD, OTHER_SITE] : BAD;

  test('given one of each bad message amid good events at QoS 1, when they are published, then all are acknowledged, the bad are kept with their reason and the good count', async () => {
    const here = await station(kind);
    const client = await here.client();
    const good = bad.map((_, i) => staffing(`good-${String(i).padStart(2, '0')}`));
    const publish = ({ payload, topic = TOPIC }: Pick<Bad, 'payload' | 'topic'>) => client.publishAsync(topic, payload, { qos: 1 });
    await publish({ payload: json(FIRST_BODY) });
    await Promise.all(bad.flatMap((message, i) => [publish(message), publish({ payload: json(good[i]) })]));

    await until('everything to be stored', () => stored(here).length + reasons(here).length >= 2 * bad.length + 1);
    expect(reasons(here)).toEqual(bad.map(({ reason }) => reason).sort());
    expect(stored(here)).toEqual([...good.map(({ id }) => id), FIRST_BODY.id].sort());
    const vague = here.read<{ detail: string }>("SELECT detail FROM dead_letter WHERE detail = '' OR length(detail) > 1000");
    expect(vague).toEqual([]);
    expect(await here.health()).toMatchObject({ broker: 'connected', store: 'ok', backlog: 0, deadLetters: bad.length });

    await publish({ payload: json(staffing('afterwards')) });
    await until('one more event to be stored', () => stored(here).includes('afterwards'));
  });
});

test('given events in CloudEvents binary mode on MQTT 5, when they are published, then good ones count and bad ones are kept', async () => {
  const here = await station('mosquitto');
  const client = await here.client(5);
  const publish = (attributes: Record<string, string>, data: string) => {
    const { data: _data, ...context } = staffing('binary');
    const userProperties = Object.fromEntries(Object.entries({ ...context, sequence: '7', ...attributes }).map(([name, value]) => [name, String(value)]));
    return client.publishAsync(TOPIC, data, { qos: 1, properties: { contentType: 'application/json', userProperties } });
  };
  await publish({}, json({ unit: 'MICU', staffedBeds: 4 }));
  await publish({ id: 'no-time', time: 'yesterday' }, json({ unit: 'MICU', staffedBeds: 4 }));
  await publish({ id: 'no-data' }, 'twelve');
  await until('all three to be stored', () => stored(here).length + reasons(here).length >= 3);
  expect(here.read('SELECT id, type, time, sequence, data FROM ops_event')).toEqual([{ id: 'binary', type: TYPE, time: NOW, sequence: 7, data: json({ unit: 'MICU', staffedBeds: 4 }) }]);
  expect(reasons(here)).toEqual(['bad-envelope', 'not-json']);
});
