import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decoder } from '#core/ingest/decode.ts';
import { rawMessage, type RawMessage } from '#core/ingest/message.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { CANARY, junk } from '../../fixtures/junk.ts';
import { refusals, stateHash, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.UTC(2026, 0, 14, 9);
const decoder = new Decoder(DEFAULT_SITE, loadSiteKey(DEFAULT_SITE));
const message = (payload: Uint8Array): RawMessage => rawMessage({ payload, received: NOW });
const good = (i: number) => message(Buffer.from(JSON.stringify(envelope('unit.staffing-reported', NOW - i, { unit: `GOOD-${i}`, staffedBeds: i }, { id: `good-${i}` }))));

test('given any payload, when it is decoded, then it is accepted or refused with a reason that holds no personal value', () => {
  fc.assert(
    fc.property(junk, (make) => {
      const payload = make('m');
      const decoded = decoder.decode(message(payload));
      if (decoded.ok) {
        expect(JSON.stringify(decoded.accepted.event), Buffer.from(payload).toString()).not.toContain(CANARY);
        expect(decoded.accepted.hash).toHaveLength(32);
        return;
      }
      expect(decoded.rejection.reason).not.toBe('');
      expect(decoded.rejection.detail, Buffer.from(payload).toString()).not.toContain(CANARY);
    }),
    { numRuns: 3_000 },
  );
});

test('given good events amid any junk, when they are applied, then each is accounted for, the good ones count, and what was refused leaves no trace in the state', () => {
  fc.assert(
    fc.property(fc.array(junk, { minLength: 1, maxLength: 30, size: 'max' }), (makers) => {
      const messages = makers.flatMap((make, i) => [message(make(`m${i}`)), good(i)]);
      const store = temporaryStore();
      const outcome = store.ingest.apply(messages, NOW, true);
      expect(outcome.accepted + outcome.duplicates + outcome.refused).toBe(messages.length);
      expect(outcome.accepted).toBeGreaterThanOrEqual(makers.length);
      expect(refusals(store)).toHaveLength(outcome.refused);
      expect(store.db.prepare("SELECT COUNT(*) AS n FROM entity WHERE kind = 'unit' AND id LIKE 'GOOD-%' AND state IS NOT NULL").get()).toEqual({ n: makers.length });

      const without = temporaryStore();
      without.ingest.apply(messages.filter((m) => decoder.decode(m).ok), NOW, true);
      expect(stateHash(without)).toBe(stateHash(store));
      const hash = stateHash(store);
      rebuild(store.db);
      expect(stateHash(store)).toBe(hash);
    }),
    { numRuns: 40 },
  );
});

test('given a fault at a key as long as a message may be, when it is refused, then the detail stays short', () => {
  const decoded = decoder.decode(message(Buffer.from(JSON.stringify(envelope('unit.staffing-reported', NOW, { unit: 'U', staffedBeds: 1, staff: { ['x'.repeat(200_000)]: 1 } })))));
  expect(decoded).toMatchObject({ ok: false, rejection: { reason: 'bad-data' } });
  expect(JSON.stringify(decoded).length).toBeLessThan(2_000);
});

const DEEP = 100_000;
const nested = '['.repeat(DEEP) + ']'.repeat(DEEP);
const objects = '{"a":'.repeat(35_000) + '1' + '}'.repeat(35_000);
const withField = (field: string, text: string) => JSON.stringify({ ...envelope('unit.staffing-reported', NOW, { unit: 'U', staffedBeds: 1 }, { id: field }), [field]: 0 }).replace(new RegExp(`"${field}":0`), `"${field}":${text}`);

test.each([
  ['a body of nothing but brackets', '['.repeat(DEEP), 'not-json'],
  ['a nested list', nested, 'bad-envelope'],
  ['a nested object', objects, 'bad-envelope'],
  ['nested data', withField('data', nested), 'bad-envelope'],
  ['a field of nested data', withField('data', `{"unit":${nested},"staffedBeds":1}`), 'bad-data'],
  ['a record of nested data', withField('data', `{"unit":"U","staffedBeds":1,"staff":${objects}}`), 'bad-data'],
])('given %s, 35,000 levels or more deep, when it arrives, then it is refused as any other', (_what, body, reason) => {
  const store = temporaryStore();
  expect(store.ingest.apply([message(Buffer.from(body)), good(1)], NOW, true)).toMatchObject({ accepted: 1, refused: 1 });
  expect(refusals(store)).toEqual([reason]);
});

test('given a good event with deeply nested fields that the contract does not know, when it arrives, then they are left out', () => {
  const store = temporaryStore();
  const bodies = [withField('extension', nested), withField('data', `{"unit":"U","staffedBeds":1,"more":${objects}}`)];
  expect(store.ingest.apply(bodies.map((body) => message(Buffer.from(body))), NOW, true)).toMatchObject({ accepted: 2, refused: 0 });
});

test('given names that differ only in half a character, which no UTF-8 text can hold, when they arrive, then they are refused', () => {
  const store = temporaryStore();
  const body = (unit: string) => message(Buffer.from(`{"specversion":"1.0","id":"half","source":"//local/main/staff/1","type":"unit.staffing-reported","time":"2026-01-14T08:00:00Z","data":{"unit":"${unit}","staffedBeds":1}}`));
  store.ingest.apply([body('\\ud800'), body('\\uDFFF'), body('\\ud83d\\\\\\ude00'), body('\\ude00\\ud83d'), body('\\ud83d\\ud83d\\ude00')], NOW, true);
  expect(refusals(store)).toEqual(Array.from({ length: 5 }, () => 'invalid-utf8'));
  expect(store.ingest.apply([body('\\ud83d\\ude00 \\\\ud800')], NOW, true)).toMatchObject({ accepted: 1 });
});
