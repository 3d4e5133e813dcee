import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Vault } from '#core/store/vault.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.UTC(2026, 0, 14);
const KEY = randomBytes(32);

function temporaryVault(): Vault {
  const vault = new Vault(join(temporaryDir(), 'vault.db'), KEY);
  onTestFinished(() => vault.close());
  return vault;
}

test('given a vault whose disk refuses, when the same facts come again, then they are still news', () => {
  const vault = temporaryVault();
  const facts = { 'patient.name': 'Ada' };
  expect(() =>
    vault.transaction(() => {
      vault.merge('p1', facts, NOW);
      throw new Error('disk full');
    }),
  ).toThrow('disk full');
  expect(vault.isNews('p1', facts, NOW)).toBe(true);
  expect(vault.read('p1')).toBeUndefined();
});

test('given a name that was changed and changed back, when it is merged, then the record holds the last one', () => {
  const vault = temporaryVault();
  const say = (name: string) => {
    const facts = { 'patient.name': name };
    if (vault.isNews('p1', facts, NOW)) vault.transaction(() => vault.merge('p1', facts, NOW));
  };
  say('Ada');
  say('Grace');
  say('Ada');
  expect(vault.read('p1')).toEqual({ 'patient.name': 'Ada' });
});

test('given a name that is changed and changed back within one batch, when it is stored, then the record holds the last one', () => {
  const store = temporaryStore();
  const admitted = (id: string, name: string) => envelope('adt.admitted', NOW, { encounter: 'E1', patient: { id: 'MRN-1', name }, location: { unit: 'A' } }, { id });
  apply(store, [admitted('a', 'Ada')], { now: NOW });
  apply(store, [admitted('b', 'Grace'), admitted('c', 'Ada')], { now: NOW });
  expect(store.vault!.read(store.pseudonym('MRN-1'))?.['patient.name']).toBe('Ada');
});

test('given a person who was erased, when an event about them is delivered a second time, then nobody is remembered', () => {
  const store = temporaryStore();
  const admitted = envelope('adt.admitted', NOW, { encounter: 'E1', patient: { id: 'MRN-1', name: 'Ada' }, location: { unit: 'A' } }, { id: 'a' });
  apply(store, [admitted], { now: NOW });
  const { state } = store.db.prepare("SELECT state FROM entity WHERE kind = 'encounter'").get() as { state: string };
  const pseudonym = (JSON.parse(state) as { adt: { patient: string } }).adt.patient;
  expect(store.vault!.erase(pseudonym)).toBe(true);
  expect(apply(store, [admitted], { now: NOW })).toMatchObject({ accepted: 0, duplicates: 1 });
  expect(store.vault!.read(pseudonym)).toBeUndefined();
});
