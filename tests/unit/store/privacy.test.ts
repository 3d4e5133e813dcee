import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { erasePatient, readPatient } from '#core/store/patients.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { phiPaths } from '#shared/events/phi.ts';
import { siteConfigSchema } from '#shared/site.ts';
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

test('given refused and waiting messages that name a person, when the person is erased, then those go too and others stay', () => {
  const store = openSiteStore({ dataDir: temporaryDir(), id: DEFAULT_SITE, withVault: true, config: siteConfigSchema.parse({ sources: [{ kind: 'ehr', instance: 'main' }] }) });
  onTestFinished(() => store.close());
  const admitted = (id: string, mrn: string, source = '//local/main/ehr/main') => envelope('adt.admitted', NOW, { encounter: id, patient: { id: mrn, name: `Name of ${mrn}` }, location: { unit: '4E' } }, { id, source });
  const refused = (id: string, mrn: string) => JSON.stringify({ ...admitted(id, mrn), data: { encounter: id, patient: { id: mrn }, location: 7 } });
  const live = { live: true, now: NOW };
  apply(store, [admitted('V1', 'MRN-1'), admitted('V2', 'MRN-2'), refused('V3', 'MRN-1'), refused('V4', 'MRN-2'), admitted('V5', 'MRN-1', '//local/main/ehr/odd'), admitted('V6', 'MRN-2', '//local/main/ehr/odd')], live);
  const count = (table: string) => (store.vault!.db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get() as { n: number }).n;
  expect([count('person'), count('dead_letter_body'), count('quarantined_facts')]).toEqual([2, 2, 2]);
  const people = { vault: store.vault!, db: store.db, pseudonym: store.pseudonym };
  const steps = erasePatient(people, { identifier: 'MRN-1' });
  let step = steps.next();
  while (!step.done) step = steps.next();
  expect(step.value).toEqual({ pseudonym: store.pseudonym('MRN-1'), record: true, records: [store.pseudonym('MRN-1')], letters: 1, waiting: 1 });
  expect([count('person'), count('dead_letter_body'), count('quarantined_facts')]).toEqual([1, 1, 1]);
  expect(readPatient(people, { identifier: 'MRN-1' })).toBeUndefined();
  expect(readPatient(people, { identifier: 'MRN-2' })).toEqual({ pseudonym: store.pseudonym('MRN-2'), facts: { 'patient.id': 'MRN-2', 'patient.name': 'Name of MRN-2' } });
});
