import { expect, test } from 'vitest';
import { rawMessage, MAX_PAYLOAD_BYTES } from '#core/ingest/message.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { trim } from '#core/store/trim.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, refusals, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const good = (overrides = {}) => envelope('unit.staffing-reported', NOW, { unit: 'MICU', staffedBeds: 20 }, overrides);
const topic = 'vigil/v1/local/main/events/staff/unit.staffing-reported';

test.each([
  ['not-json', 'hello'],
  ['not-json', ''],
  ['bad-envelope', '[]'],
  ['bad-envelope', JSON.stringify({ ...good(), source: undefined })],
  ['bad-envelope', JSON.stringify({ ...good(), time: 'yesterday' })],
  ['invalid-utf8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['too-large', JSON.stringify({ ...good(), data: { unit: 'x'.repeat(MAX_PAYLOAD_BYTES) } })],
  ['bad-data', JSON.stringify({ ...good(), data: { unit: 'MICU', staffedBeds: -1 } })],
  ['unknown-type', JSON.stringify({ ...good(), type: 'unit.repainted' })],
  ['unknown-source', JSON.stringify({ ...good(), source: '//local/main/toaster/1' })],
  ['other-site', JSON.stringify({ ...good(), source: '//local/elsewhere/staff/1' })],
  ['other-site', JSON.stringify(good({ site: 'elsewhere' }))],
  ['time-out-of-range', JSON.stringify({ ...good(), time: '0001-01-01T00:00:00Z' })],
])('given a message that is %s, when it arrives among good ones, then it is kept with its reason and the rest counts', (reason, body) => {
  const store = temporaryStore();
  const outcome = apply(store, [good({ id: '1' }), body, good({ id: '2' })]);
  expect(outcome).toMatchObject({ accepted: 2, refused: 1 });
  expect(refusals(store)).toEqual([reason]);
});

test('given a topic that contradicts the envelope, or is none of ours, when it arrives, then it is refused', () => {
  const store = temporaryStore();
  const payload = Buffer.from(JSON.stringify(good()));
  const on = (name: string) => rawMessage({ topic: name, payload, received: NOW });
  store.ingest.apply([on(topic), on(topic.replace('staff', 'ehr')), on(topic.replace('main', 'other')), on('vigil/v1/x'), on(topic.replace('staffing-reported', 'status-changed'))], NOW, true);
  expect(refusals(store)).toEqual(['topic-mismatch', 'other-site', 'bad-topic', 'topic-mismatch']);
});

test('given an event far ahead of the clock, when the clock catches up, then it is folded, and a rebuild does not judge again', () => {
  const store = temporaryStore();
  const ahead = envelope('unit.staffing-reported', NOW + 3_600_000, { unit: 'MICU', staffedBeds: 9 }, { id: 'ahead' });
  apply(store, [good(), ahead, { ...ahead, id: 'far', time: '9999-12-31T23:59:59Z' }], { now: NOW, live: true });
  expect(refusals(store)).toEqual(['ahead-of-clock', 'ahead-of-clock']);
  const before = stateHash(store);
  const { deadLetters } = store.ingest;
  expect(deadLetters.due(NOW)).toHaveLength(0);
  expect(store.ingest.release(NOW + 3_600_000)).toMatchObject({ accepted: 1 });
  const after = stateHash(store);
  expect(after).not.toBe(before);
  expect(deadLetters.count()).toBe(1);
  rebuild(store.db);
  expect(stateHash(store)).toBe(after);
});

test('given a file with a date in the future, when it is loaded, then its time is not judged', () => {
  const store = temporaryStore();
  expect(apply(store, [{ ...good(), time: '2199-01-01T00:00:00Z' }], { now: NOW })).toMatchObject({ accepted: 1, refused: 0 });
});

test('given a trimmed log, when an event from before the baseline arrives, then it is refused and the state stays', () => {
  const dir = temporaryDir();
  const store = openSiteStore({ dataDir: dir, id: DEFAULT_SITE, withVault: true });
  apply(store, [good({ id: '1' })]);
  trim(store.db, NOW, NOW);
  const hash = stateHash(store);
  expect(() => trim(store.db, NOW, NOW)).toThrow(/Already trimmed/);
  store.close();
  const reopened = temporaryStore(dir);
  apply(reopened, [good({ id: '1' }), { ...good({ id: '0' }), time: '2026-01-13T00:00:00Z' }]);
  expect(refusals(reopened)).toEqual(['before-baseline', 'before-baseline']);
  expect(stateHash(reopened)).toBe(hash);
});
