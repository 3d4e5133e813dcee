import { expect, test } from 'vitest';
import { rawMessage } from '#core/ingest/message.ts';
import { DeadLetters } from '#core/store/dead-letters.ts';
import type { SiteStore } from '#core/store/site-store.ts';
import { temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.UTC(2026, 0, 14);
const LIMIT = { letters: 100, bodyBytes: 50_000 };

/** Refuses messages of a size as ingest does, in one transaction. */
function refuse({ db, vault }: SiteStore, letters: DeadLetters, count: number, size: number): void {
  db.transaction(() => {
    const refused = Array.from({ length: count }, (_, i) => letters.keep(rawMessage({ topic: 't'.repeat(60_000), payload: Buffer.alloc(size, 'x'), received: NOW + i }), { reason: 'not-json', detail: '' }));
    vault!.transaction(() => refused.forEach(({ deadLetterId, body }) => letters.keepBody(deadLetterId, body, NOW)));
  })();
}

const kept = ({ db }: SiteStore) => db.prepare('SELECT received FROM dead_letter ORDER BY dead_letter_id').all() as { received: number }[];

test('given more refused messages than are kept, when they come, then the newest stay, the oldest go and are counted', () => {
  const store = temporaryStore();
  const letters = new DeadLetters(store.db, store.vault, LIMIT);
  refuse(store, letters, 1_234, 10);
  expect(kept(store).length).toBeLessThanOrEqual(LIMIT.letters);
  expect(kept(store).at(-1)).toEqual({ received: NOW + 1_233 });
  expect(letters.dropped().letters + kept(store).length).toBe(1_234);
  expect(letters.count()).toBe(kept(store).length);
});

test('given bodies that are large together, when they come, then the newest stay within the limit and the letters keep their reasons', () => {
  const store = temporaryStore();
  const letters = new DeadLetters(store.db, store.vault, LIMIT);
  refuse(store, letters, 60, 4_000);
  expect(store.vault!.bodyBytes).toBeLessThanOrEqual(LIMIT.bodyBytes);
  expect(kept(store)).toHaveLength(60);
  const bodies = letters.choose({}, 0, 100).filter((letter) => letters.message(letter));
  expect(bodies.at(-1)?.received).toBe(NOW + 59);
  expect(letters.dropped()).toEqual({ letters: 0, bodies: 60 - bodies.length });
});

test('given a store that is opened again or a batch that failed, when more is refused, then the limit holds and the count goes on', () => {
  const dir = temporaryDir();
  const first = temporaryStore(dir);
  refuse(first, new DeadLetters(first.db, first.vault, LIMIT), 150, 1_000);
  const before = kept(first).length;
  expect(() => first.db.transaction(() => {
    const letters = new DeadLetters(first.db, first.vault, LIMIT);
    refuse(first, letters, 200, 10);
    throw new Error('disk');
  })()).toThrow('disk');
  expect(kept(first)).toHaveLength(before);
  first.close();
  const second = temporaryStore(dir);
  const letters = new DeadLetters(second.db, second.vault, LIMIT);
  refuse(second, letters, 150, 1_000);
  expect(kept(second).length).toBeLessThanOrEqual(LIMIT.letters);
  expect(second.vault!.bodyBytes).toBeLessThanOrEqual(LIMIT.bodyBytes);
  expect(letters.dropped().letters + kept(second).length).toBe(300);
});

test('given events that wait for their time, when the limit is passed, then they stay', () => {
  const store = temporaryStore();
  const letters = new DeadLetters(store.db, store.vault, LIMIT);
  const event = { source: '//local/main/ehr/1', id: 'a', type: 'adt.updated', time: NOW, data: {} };
  letters.hold({ size: 1, received: NOW - 1 }, { reason: 'ahead-of-clock', detail: '', due: NOW + 1 }, event, Buffer.alloc(32));
  refuse(store, letters, 500, 10);
  expect(letters.due(NOW + 1)).toHaveLength(1);
});
