import { expect, onTestFinished, test } from 'vitest';
import { patientRoutes } from '#core/api/patients.ts';
import { Problem } from '#core/api/problem.ts';
import type { Caller } from '#core/api/routes.ts';
import { House } from '#core/domain/house.ts';
import { Asks } from '#core/store/asks.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { openSiteStore, type SiteStore } from '#core/store/site-store.ts';
import { currentEntities } from '#core/store/state.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const MINUTE = 60_000;

const admitted = (encounter: string, patient: object, minute = 0) => envelope('adt.admitted', NOW + minute * MINUTE, { encounter, patient, location: { unit: '4E', unitKind: 'ward', bed: '1' } }, { id: encounter });
const merged = (from: object, into: object, minute = 1) => envelope('adt.merged', NOW + minute * MINUTE, { patient: from, into }, { id: `merge-${minute}` });
const EVA = { id: 'MRN-9', name: 'Miller, Eva', birthDate: '1950-01-01' };

/** What the API answers from a store, and what it notes for the trail. */
function desk(store: SiteStore) {
  const asks = new Asks(store, { committed: () => {}, closing: () => false });
  const house = () => {
    const here = new House(siteConfigSchema.parse({}));
    for (const { kind, id, state } of currentEntities(store.db)) here.put(kind as 'encounter', id, state as never);
    return here;
  };
  const routes = patientRoutes({ ask: (ask) => asks.answer(ask as Parameters<Asks['answer']>[0], NOW), house });
  const noted: Record<string, unknown>[] = [];
  const ask = async (id: string, asked: object): Promise<unknown> => {
    const { handler } = routes.find(({ operation }) => operation.id === id)!;
    try {
      return await handler({ params: undefined, query: undefined, body: undefined, ...asked }, { note: (subject: object) => noted.push({ ...subject }) } as unknown as Caller);
    } catch (error) {
      if (error instanceof Problem) return error.status;
      throw error;
    }
  };
  return {
    noted,
    find: (identifier: string) => ask('findPatient', { body: { identifier } }),
    inBed: () => ask('getPatientInBed', { params: { unit: '4E', bed: '1' } }),
    erase: (body: object) => ask('erasePatient', { body }),
  };
}

const persons = (store: SiteStore): number => (store.vault!.db.prepare('SELECT COUNT(*) AS n FROM person').get() as { n: number }).n;

test('given a merge that tells who lives on, when either record is looked up, then the answer is the one that lives on, with its own facts', async () => {
  const store = temporaryStore();
  apply(store, [admitted('V1', { id: 'MRN-7', name: 'Miler, E.', sex: 'f' }), merged({ id: 'MRN-7' }, EVA)]);
  const who = { pseudonym: store.pseudonym('MRN-9'), facts: { 'patient.id': 'MRN-9', 'patient.name': EVA.name, 'patient.birthDate': EVA.birthDate, 'patient.sex': 'f' } };
  const { find, inBed } = desk(store);
  expect(await find('MRN-7')).toEqual(who);
  expect(await find('MRN-9')).toEqual(who);
  expect(await inBed()).toEqual(who);
  expect(store.vault!.read(store.pseudonym('MRN-7'))).toEqual({ 'patient.id': 'MRN-7', 'patient.name': 'Miler, E.', 'patient.sex': 'f' });
});

test.each(['MRN-7', 'MRN-8', 'MRN-9'])('given a chain of merges, when %s is erased, then every record of the person goes, and nobody else', async (number) => {
  const store = temporaryStore();
  apply(store, [
    admitted('V7', { id: 'MRN-7', name: 'Miler' }), admitted('V8', { id: 'MRN-8', name: 'Miller' }), admitted('V9', EVA), admitted('V1', { id: 'MRN-1', name: 'Other' }),
    merged({ id: 'MRN-8' }, EVA, 2), merged({ id: 'MRN-7' }, { id: 'MRN-8' }, 3),
  ]);
  const { erase, find, noted } = desk(store);
  const records = ['MRN-7', 'MRN-8', 'MRN-9'].map(store.pseudonym).sort();
  const erased = (await erase({ identifier: number })) as { records: string[] };
  expect(erased).toMatchObject({ pseudonym: store.pseudonym('MRN-9'), record: true });
  expect([...erased.records].sort()).toEqual(records);
  expect(noted).toEqual([{ pseudonym: store.pseudonym('MRN-9'), records: erased.records.join(' '), letters: 0, waiting: 0 }]);
  expect(await Promise.all(['MRN-7', 'MRN-8', 'MRN-9'].map(find))).toEqual([404, 404, 404]);
  expect(await find('MRN-1')).toMatchObject({ facts: { 'patient.name': 'Other' } });
  expect(persons(store)).toBe(1);
});

test('given records merged in a circle, when one is looked up and erased, then all of the circle is one person', async () => {
  const store = temporaryStore();
  apply(store, [admitted('V1', { id: 'A', name: 'Ada' }), merged({ id: 'A' }, { id: 'B', phone: '1' }, 1), merged({ id: 'B' }, { id: 'A', sex: 'f' }, 2), merged({ id: 'C', address: 'x' }, { id: 'B' }, 3)]);
  const { find, erase } = desk(store);
  expect(await find('C')).toMatchObject({ facts: { 'patient.name': 'Ada', 'patient.phone': '1', 'patient.sex': 'f', 'patient.address': 'x' } });
  expect(((await erase({ identifier: 'B' })) as { records: string[] }).records).toHaveLength(3);
  expect(persons(store)).toBe(0);
});

test('given a vault in which a record holds who it was merged into, as it was kept before, when either is asked for and erased, then it is the one person', async () => {
  const store = temporaryStore();
  apply(store, [merged({ id: 'MRN-7' }, { id: 'MRN-9' })]);
  store.vault!.transaction(() => {
    store.vault!.erase(store.pseudonym('MRN-9'));
    store.vault!.merge(store.pseudonym('MRN-7'), { 'patient.id': 'MRN-7', 'patient.name': 'Old', 'into.name': EVA.name, 'into.birthDate': EVA.birthDate }, NOW);
  });
  const { find, erase } = desk(store);
  for (const number of ['MRN-7', 'MRN-9']) expect(await find(number)).toMatchObject({ pseudonym: store.pseudonym('MRN-9'), facts: { 'patient.name': EVA.name, 'patient.birthDate': EVA.birthDate } });
  expect(JSON.stringify(await find('MRN-7'))).not.toContain('into.');
  await erase({ identifier: 'MRN-9' });
  expect(await find('MRN-7')).toBe(404);
  expect(persons(store)).toBe(0);
});

test('given two encounters of one merged person in a bed, when the bed is asked for, then it is that person; and of two persons it is nobody', async () => {
  const store = temporaryStore();
  apply(store, [admitted('V7', { id: 'MRN-7' }), admitted('V9', EVA, 1)]);
  const { inBed } = desk(store);
  expect(await inBed()).toBe(409);
  apply(store, [merged({ id: 'MRN-7' }, { id: 'MRN-9' }, 2)]);
  expect(await inBed()).toMatchObject({ pseudonym: store.pseudonym('MRN-9'), facts: { 'patient.name': EVA.name } });
});

test('given refused and waiting messages that name a merged person by any of their numbers, when one record is erased, then those go too', async () => {
  const store = openSiteStore({ dataDir: temporaryDir(), id: DEFAULT_SITE, withVault: true, config: siteConfigSchema.parse({ sources: [{ kind: 'ehr', instance: 'test' }] }) });
  onTestFinished(() => store.close());
  const odd = { source: '//local/main/ehr/odd' };
  apply(store, [
    admitted('V7', { id: 'MRN-7', name: 'Miler' }), merged({ id: 'MRN-7' }, EVA),
    JSON.stringify({ ...admitted('V3', EVA), data: { encounter: 'V3', patient: EVA, location: 7 } }),
    { ...admitted('V4', { id: 'MRN-7', name: 'Miler' }), ...odd }, { ...merged({ id: 'MRN-5', name: 'Mueller' }, EVA, 4), ...odd }, { ...admitted('V5', { id: 'MRN-1', name: 'Other' }), ...odd },
  ], { live: true, now: NOW });
  const { erase } = desk(store);
  expect(await erase({ identifier: 'MRN-7' })).toMatchObject({ letters: 1, waiting: 2 });
  expect(store.vault!.db.prepare('SELECT COUNT(*) AS n FROM quarantined_facts').get()).toEqual({ n: 1 });
});

test('given a merge that waits in quarantine, when its source is accepted, then each record has its own facts', () => {
  const store = openSiteStore({ dataDir: temporaryDir(), id: DEFAULT_SITE, withVault: true, config: siteConfigSchema.parse({ unknownSources: 'quarantine' }) });
  onTestFinished(() => store.close());
  apply(store, [merged({ id: 'MRN-7', name: 'Miler' }, EVA)], { live: true, now: NOW });
  expect(persons(store)).toBe(0);
  store.ingest.decide('//local/main/ehr/test', 'accept');
  while (store.ingest.drain(NOW + 2 * MINUTE));
  expect(store.vault!.read(store.pseudonym('MRN-7'))).toEqual({ 'patient.id': 'MRN-7', 'patient.name': 'Miler' });
  expect(store.vault!.read(store.pseudonym('MRN-9'))).toEqual({ 'patient.id': 'MRN-9', 'patient.name': EVA.name, 'patient.birthDate': EVA.birthDate });
});
