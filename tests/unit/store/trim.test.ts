import { expect, test } from 'vitest';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { queryStore } from '#core/store/query.ts';
import { trim } from '#core/store/trim.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-01-14T08:00:00Z');
const arrived = envelope('ed.arrived', NOW - 2 * HOUR, { encounter: 'V1', patient: { id: 'MRN-1' }, unit: 'ED' });

test('given a log of which nothing is left, when it is asked for now, then now is the time of its baseline', () => {
  const { db, ...store } = temporaryStore();
  apply({ db, ...store }, [arrived]);
  const asked = () => queryStore(db, DEFAULT_SITE, { metric: 'ed.census', scope: {} });
  const before = asked();
  expect(before).toMatchObject({ value: 1 });
  trim(db, NOW, NOW);
  expect(asked()).toEqual(before);
});

test('given a horizon ahead of the clock, when the log is trimmed, then it is refused: nothing would be taken until then', () => {
  const store = temporaryStore();
  apply(store, [arrived]);
  expect(() => trim(store.db, NOW + 366 * 24 * HOUR, NOW)).toThrow(/ahead of the clock/);
  expect(store.db.prepare('SELECT COUNT(*) AS n FROM ops_event').get()).toEqual({ n: 1 });
});
