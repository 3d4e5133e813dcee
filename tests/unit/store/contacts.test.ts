import { expect, test } from 'vitest';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-01-14T08:00:00Z');
const arrived = envelope('ed.arrived', NOW - 10 * HOUR, { encounter: 'V1', patient: { id: 'MRN-1' } });
const contact = (store: ReturnType<typeof temporaryStore>) => store.db.prepare('SELECT last_contact FROM ops_event_source').get();

test('given a file of the past, when it is loaded, then its sources were heard of then, not now', () => {
  const store = temporaryStore();
  expect(apply(store, [arrived], { now: NOW }).contacts).toEqual({ [arrived.source]: NOW - 10 * HOUR });
  expect(contact(store)).toEqual({ last_contact: NOW - 10 * HOUR });
});

test('given a late event from a broker, when it arrives, then its source was heard of now', () => {
  const store = temporaryStore();
  expect(apply(store, [arrived], { now: NOW, live: true }).contacts).toEqual({ [arrived.source]: NOW });
  expect(contact(store)).toEqual({ last_contact: NOW });
});
