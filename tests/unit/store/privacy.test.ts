import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventTypes } from '#shared/events/registry.ts';
import { phiPaths } from '#shared/events/phi.ts';
import { withCanaries } from '../../fixtures/canaries.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');

test('given a canary in every personal field of every event type, when it is stored, then no file but the vault holds it, and that encrypted', () => {
  const dir = temporaryDir();
  const store = temporaryStore(dir);
  const types = [...eventTypes.keys()];
  const marked = types.filter((type) => phiPaths(eventTypes.get(type)!.data).length > 0);
  expect(marked.length).toBeGreaterThan(20);
  const outcome = apply(store, types.map((type, i) => envelope(type, NOW + i, withCanaries(type, 'CANARY'), { id: `c${i}`, source: '//local/main/vigil/test' })));
  expect(outcome.accepted).toBe(types.length);
  apply(store, ['CANARY is not JSON', JSON.stringify({ ...envelope('adt.admitted', NOW, withCanaries('adt.admitted', 'CANARY')), data: { encounter: 7, patient: { id: 'CANARY' } } })]);
  for (const file of readdirSync(dir)) expect(readFileSync(join(dir, file)).includes('CANARY'), file).toBe(false);
  const people = store.db.prepare("SELECT state FROM entity WHERE kind = 'encounter' AND state IS NOT NULL").all() as { state: string }[];
  expect(people.length).toBeGreaterThan(0);
});

test('given a person in the vault, when they are erased, then the record is gone and the log stays', () => {
  const store = temporaryStore();
  apply(store, [envelope('adt.admitted', NOW, { encounter: 'V1', patient: { id: 'MRN-1', name: 'Example, Eva' }, location: { unit: '4E' } })]);
  const { id, state } = store.db.prepare("SELECT id, state FROM entity WHERE kind = 'encounter'").get() as { id: string; state: string };
  const { patient } = (JSON.parse(state) as { adt: { patient: string } }).adt;
  expect(id).not.toContain('V1');
  expect(store.vault!.read(patient)).toEqual({ 'patient.id': 'MRN-1', 'patient.name': 'Example, Eva' });
  expect(store.vault!.erase(patient)).toBe(true);
  expect(store.vault!.read(patient)).toBeUndefined();
  expect(store.db.prepare('SELECT COUNT(*) AS n FROM ops_event').get()).toEqual({ n: 1 });
});
