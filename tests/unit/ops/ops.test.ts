import { expect, test } from 'vitest';
import { opsEventTypes } from '#shared/events/ops.ts';
import { OPS_OF_MESSAGES } from '#shared/events/ops/ingest.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { announce } from '#core/ops/announce.ts';
import { OpsBus } from '#core/ops/bus.ts';
import { limiter, publishOps } from '#core/ops/publish.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryDir } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const EHR = '//local/main/ehr/epic-1';
const events = [
  envelope('source.registered', NOW, { instance: 'epic-1', title: 'ADT', intervalSeconds: 30 }, { source: EHR, id: 'r' }),
  envelope('bed.cleaning-requested', NOW, { unit: '4E', bed: '1' }, { source: EHR, id: 'b' }),
  envelope('source.heartbeat', NOW, { instance: 'epic-1' }, { source: EHR, id: 'h' }),
  envelope('adt.admitted', NOW, {}, { source: EHR, id: 'x' }),
];

function told(publishTypes: (typeof OPS_OF_MESSAGES)[number][], perSecond = 50) {
  const config = siteConfigSchema.parse({ publishOps: { types: publishTypes, perSecond } });
  const store = openSiteStore({ dataDir: temporaryDir(), id: DEFAULT_SITE, withVault: false, config });
  const outcome = apply(store, events, { now: NOW + 120, live: true });
  store.close();
  const sent: { topic: string; qos: number; envelope: { type: string; source: string; data: Record<string, unknown> } }[] = [];
  const bus = new OpsBus();
  const stop = publishOps(bus, { publish: (topic, payload, qos) => void sent.push({ topic, qos, envelope: JSON.parse(payload) }) }, { id: DEFAULT_SITE, station: 'hub', clock: { mode: 'wall', speed: 1, now: () => NOW }, publish: config.publishOps });
  announce(bus, outcome, 7);
  stop();
  announce(bus, outcome, 7);
  return sent;
}

test('given a site that asks for them, when messages are taken, then each is told as its schema says: with its position and whether it changed anything, or why it does not count', () => {
  const sent = told([...OPS_OF_MESSAGES]);
  for (const { topic, envelope: { type, data } } of sent) {
    expect(topic).toBe(`vigil/v1/local/main/ops/${type}`);
    expect(opsEventTypes.get(type)!.data.safeParse(data)).toMatchObject({ success: true });
  }
  const of = (type: string) => sent.filter((one) => one.envelope.type === type).map(({ envelope: { data } }) => data);
  expect(of('ops.event-source-registered')).toEqual([{ source: EHR, title: 'ADT', intervalSeconds: 30 }]);
  expect(of('ops.event-ingested')).toMatchObject([{ id: 'r', position: 1, receivedAt: '2026-01-14T08:00:00.120Z' }, { id: 'b' }, { id: 'h', position: 3 }]);
  expect(of('ops.event-processed')).toMatchObject([{ id: 'r', entityKind: 'source', changed: true }, { id: 'b', entityKind: 'bed', changed: true }, { id: 'h', changed: false }]);
  expect(of('ops.event-refused')).toEqual([{ source: EHR, reason: 'bad-data', detail: expect.stringContaining('encounter'), total: 7 }]);
});

test('given a site that asks for nothing, when events are committed, then only what stations must agree on is published', () => {
  expect(told([]).map(({ envelope: { type }, qos }) => [type, qos])).toEqual([['ops.event-source-registered', 1]]);
});

test('given more events than the site allows a second, when they are published, then no more go out, and the next second again', () => {
  let now = 0;
  const allowed = limiter(2, () => now);
  const first = [allowed(), allowed(), allowed()];
  now = 1_000;
  expect([...first, allowed()]).toEqual([true, true, false, true]);
  expect(told(['ops.event-processed'], 1).filter(({ envelope: { type } }) => type === 'ops.event-processed').length).toBeLessThanOrEqual(2);
});
