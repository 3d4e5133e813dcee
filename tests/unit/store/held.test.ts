import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rawMessage, type RawMessage } from '#core/ingest/message.ts';
import { AHEAD_LIMIT_MS } from '#core/store/kept-aside.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { trim } from '#core/store/trim.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, refusals, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const LATER = NOW + 3_600_000;
const ahead = envelope('unit.staffing-reported', LATER, { unit: 'MICU', staffedBeds: 9 }, { id: 'ahead' });
const { data, ...context } = ahead;
const topic = 'vigil/v1/local/main/events/staff/unit.staffing-reported';
const message = (of: Omit<RawMessage, 'size' | 'received'>): RawMessage => rawMessage({ received: NOW, ...of });
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

test.each([
  ['in structured mode', message({ topic, payload: bytes(ahead) })],
  ['in binary mode', message({ topic, payload: bytes(data), attributes: context as unknown as Record<string, string> })],
  ['from a file', message({ payload: bytes(ahead) })],
  ['of nearly the size limit', message({ topic, payload: bytes({ ...ahead, data: { ...data, more: 'x'.repeat(250_000) } }) })],
])('given an event ahead of the clock %s, when the clock has caught up, then it is folded, once', (_how, held) => {
  const store = temporaryStore();
  expect(store.ingest.apply([held], NOW, true)).toMatchObject({ accepted: 0, refused: 1 });
  expect(store.ingest.release(LATER - AHEAD_LIMIT_MS - 1)).toBeUndefined();
  expect(store.ingest.release(LATER - AHEAD_LIMIT_MS)).toMatchObject({ accepted: 1, refused: 0 });
  expect(store.ingest.deadLetters.count()).toBe(0);
  expect(store.ingest.release(LATER)).toBeUndefined();
});

test('given an event that is held while the log is trimmed past it, when it falls due, then it stays a dead letter and is not asked for again', () => {
  const dir = temporaryDir();
  const before = openSiteStore({ dataDir: dir, id: DEFAULT_SITE, withVault: true });
  apply(before, [ahead], { now: NOW, live: true });
  trim(before.db, LATER, LATER);
  before.close();
  const store = temporaryStore(dir);
  store.ingest.release(LATER);
  expect(store.ingest.release(LATER)).toBeUndefined();
  expect({ left: store.ingest.deadLetters.count(), reasons: refusals(store) }).toEqual({ left: 1, reasons: ['ahead-of-clock'] });
});

test('given a station without a vault, when a held event falls due, then it is folded as with one', () => {
  const walls = [true, false].map((withVault) => {
    const store = openSiteStore({ dataDir: temporaryDir(), id: DEFAULT_SITE, withVault });
    onTestFinished(() => store.close());
    const admitted = envelope('adt.admitted', LATER, { encounter: 'V1', patient: { id: 'MRN-1', name: 'Example, Eva' }, location: { unit: '4E' } });
    apply(store, [ahead, admitted], { now: NOW, live: true });
    expect(store.ingest.release(LATER)).toMatchObject({ accepted: 2, refused: 0 });
    return { hash: stateHash(store), left: store.ingest.deadLetters.count(), held: store.db.prepare('SELECT COUNT(*) AS n FROM held_event').get() };
  });
  expect(walls[1]).toEqual({ ...walls[0], left: 0, held: { n: 0 } });
});

test('given an event about a person that is held, when it is kept, then the log has no word of them and the vault does', () => {
  const dir = temporaryDir();
  const store = temporaryStore(dir);
  apply(store, [envelope('adt.admitted', LATER, { encounter: 'CANARY', patient: { id: 'CANARY', name: 'CANARY' }, location: { unit: '4E' } })], { now: NOW, live: true });
  for (const file of readdirSync(dir)) expect(readFileSync(join(dir, file)).includes('CANARY'), file).toBe(false);
  const { event } = store.db.prepare('SELECT event FROM held_event').get() as { event: string };
  const { patient } = (JSON.parse(event) as { data: { patient: { id: string } } }).data;
  expect(store.vault!.read(patient.id)).toEqual({ 'patient.id': 'CANARY', 'patient.name': 'CANARY' });
});

test('given refused bodies in the vault, when their time is over, then they are gone and the reasons stay', () => {
  const store = temporaryStore();
  apply(store, ['not JSON'], { now: NOW });
  const [letter] = store.ingest.deadLetters.waiting('not-json');
  const days = (n: number) => NOW + n * 86_400_000;
  store.ingest.deadLetters.expireBodies(days(29));
  expect(store.ingest.deadLetters.message(letter!)?.payload).toEqual(Buffer.from('not JSON'));
  store.ingest.deadLetters.expireBodies(days(31));
  expect(store.ingest.deadLetters.message(letter!)).toBeUndefined();
  expect(refusals(store)).toEqual(['not-json']);
});
