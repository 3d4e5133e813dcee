import { expect, test } from 'vitest';
import { loadEvent } from '../../fixtures/load-events.ts';
import { apply, stateHash, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.UTC(2026, 0, 14);
const events = (from: number, count: number) => Array.from({ length: count }, (_, i) => loadEvent(from + i, NOW + i));

test('given a disk that fills up amid a batch, when there is room again, then nothing of it was kept before and all of it is after', () => {
  const store = temporaryStore();
  apply(store, events(0, 200));
  const before = stateHash(store);
  const pages = store.db.pragma('page_count', { simple: true }) as number;
  store.db.pragma(`max_page_count = ${pages + 2}`);
  expect(() => apply(store, events(200, 2_000))).toThrow(/full/);
  expect(stateHash(store)).toBe(before);
  store.db.pragma('max_page_count = 1000000');
  expect(apply(store, events(200, 2_000))).toMatchObject({ accepted: 2_000, duplicates: 0 });
  const calm = temporaryStore();
  apply(calm, [...events(0, 200), ...events(200, 2_000)]);
  expect(stateHash(store)).toBe(stateHash(calm));
});
