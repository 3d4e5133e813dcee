import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { siteConfigSchema } from '#shared/site.ts';
import { backup } from '#core/store/backup.ts';
import { markDamaged } from '#core/store/damage.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { openRecovering } from '#core/store/recover.ts';
import { siteChanges, storedSiteConfig } from '#core/store/site-config.ts';
import { openSiteStore, type SiteStore } from '#core/store/site-store.ts';
import { readSources } from '#core/store/sources.ts';
import { trim } from '#core/store/trim.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, refusals, stateHash, temporaryDir } from '../../fixtures/stores.ts';

const NOW = Date.UTC(2026, 0, 14);
const LATER = NOW + 3_600_000;
const PAGE = 4_096;
const [EHR, OTHER, STRANGER] = ['epic-1', 'epic-2', 'stranger'].map((instance) => `//local/main/ehr/${instance}`) as [string, string, string];
const SITE = siteConfigSchema.parse({ name: 'Example Hospital', sources: [{ kind: 'ehr', instance: 'epic-1', title: 'ADT' }] });
const live = { now: NOW, live: true };
const admitted = (i: number, source = EHR, time = NOW + i) => envelope('adt.admitted', time, { encounter: `V${i}`, patient: { id: `MRN-${i}`, name: `Name ${i}` }, location: { unit: '4E' } }, { source, id: `admit-${i}` });

function site(dataDir: string): SiteStore {
  const store = openSiteStore({ dataDir, id: DEFAULT_SITE, withVault: true, config: SITE });
  onTestFinished(() => store.close());
  return store;
}

/** Accepted and refused sources, one in quarantine with an event that waits, one event ahead of the clock, one refused body. */
function busy(dataDir: string): SiteStore {
  const store = site(dataDir);
  apply(store, Array.from({ length: 600 }, (_, i) => admitted(i)), live);
  apply(store, [admitted(1_000, OTHER)], live);
  store.ingest.decide(OTHER, 'refuse');
  while (store.ingest.drain(NOW));
  apply(store, [admitted(1_001, OTHER), admitted(1_002, STRANGER), admitted(1_003, EHR, LATER), 'not JSON'], live);
  return store;
}

/** Overwrites the first page of a table or index, or the file's header. */
function spoil(file: string, what: string): void {
  const db = openForReading(file);
  const root = what === 'header' ? 1 : (db.prepare('SELECT rootpage AS root FROM sqlite_schema WHERE name = ?').get(what) as { root: number }).root;
  db.close();
  const fd = openSync(file, 'r+');
  const length = what === 'header' ? 100 : PAGE;
  writeSync(fd, Buffer.from(Array.from({ length }, (_, i) => (i * 167 + 13) % 251)), 0, length, (root - 1) * PAGE);
  closeSync(fd);
  markDamaged(file.replace('.vault.db', '.db'), { problem: 'test' });
}

function recovered(dataDir: string) {
  const { store, recovery } = openRecovering({ dataDir, id: DEFAULT_SITE, withVault: true }, NOW);
  onTestFinished(() => store.close());
  return { store, recovery: recovery! };
}
/** Who registered a source is left out: the site document does so again at every start. */
const figures = (store: SiteStore) => readSources(store.db).map(({ uri, state, title, accepted, refused, waiting, held }) => ({ uri, state, title, accepted, refused, waiting, held }));
const personOf = (store: SiteStore, encounter: number) => {
  const { id } = store.db.prepare("SELECT json_extract(data, '$.patient.id') AS id FROM ops_event WHERE id = ?").get(`admit-${encounter}`) as { id: string };
  return store.vault!.read(id);
};

test.each([['a page of an index is', 'ops_event_time', true], ['the header is', 'header', false]])('given a log of which %s garbage and no backup, when it is rebuilt, then sources stand as decided, and what waits, is held or was refused goes on', (_, what, document) => {
  const dataDir = temporaryDir();
  const before = busy(dataDir);
  const expected = { figures: figures(before), refusals: refusals(before), hash: stateHash(before) };
  const changes = siteChanges(before.db, { limit: 9 });
  before.close();
  spoil(storeFiles(dataDir, DEFAULT_SITE).log, what);
  const { store, recovery } = recovered(dataDir);
  expect(recovery).toMatchObject({ site: document, sources: 3, waiting: 1, letters: 4, held: 3 });
  expect({ figures: figures(store), refusals: refusals(store), hash: stateHash(store) }).toEqual(expected);
  expect(storedSiteConfig(store.db, DEFAULT_SITE)).toEqual(document ? SITE : siteConfigSchema.parse(DEFAULT_SITE));
  expect(siteChanges(store.db, { limit: 9 })).toEqual(document ? changes : []);
  expect(store.ingest.release(LATER)).toMatchObject({ accepted: 1 });
  store.ingest.decide(STRANGER, 'accept');
  expect(store.ingest.drain(NOW)).toMatchObject({ accepted: 1 });
  expect(personOf(store, 1_002)).toMatchObject({ 'patient.name': 'Name 1002' });
  const [letter] = store.ingest.deadLetters.choose({ reason: 'not-json' }, 0, 1);
  expect(store.ingest.deadLetters.message(letter!)!.payload).toEqual(Buffer.from('not JSON'));
});

test('given a backup from before a source was refused, when the log is damaged and rebuilt, then the source is refused and what came since is kept beside what the backup has', async () => {
  const dataDir = temporaryDir();
  const before = busy(dataDir);
  await backup(dataDir, DEFAULT_SITE, join(dataDir, 'backups', 'one'), NOW);
  before.ingest.decide(EHR, 'refuse');
  before.ingest.decide(STRANGER, 'accept');
  while (before.ingest.drain(NOW));
  apply(before, [admitted(2_000, EHR), 'also not JSON', admitted(2_001, '//local/main/lis/unknown')], live);
  expect(before.ingest.release(LATER)).toMatchObject({ accepted: 0 });
  const expected = { figures: figures(before).map(({ waiting: _waiting, ...rest }) => rest), refusals: refusals(before), hash: stateHash(before) };
  before.close();
  spoil(storeFiles(dataDir, DEFAULT_SITE).log, 'ops_event_time');
  const { store, recovery } = recovered(dataDir);
  expect(recovery).toMatchObject({ backup: NOW, site: true });
  // An event that waited then and has counted since waits again, and is a duplicate.
  while (store.ingest.drain(NOW));
  expect({ figures: figures(store).map(({ waiting: _waiting, ...rest }) => rest), refusals: refusals(store), hash: stateHash(store) }).toEqual(expected);
});

test('given a trimmed log with a bad page among its baseline, when it is rebuilt, then the site document and the horizon are kept, and nothing from before it is taken for new', () => {
  const dataDir = temporaryDir();
  const before = site(dataDir);
  apply(before, Array.from({ length: 600 }, (_, i) => admitted(i)), live);
  trim(before.db, NOW + 299, NOW + 9_999);
  before.close();
  spoil(storeFiles(dataDir, DEFAULT_SITE).log, 'baseline_entity');
  const { store, recovery } = recovered(dataDir);
  expect(recovery).toMatchObject({ site: true, baseline: 'partly', events: 300 });
  expect(storedSiteConfig(store.db, DEFAULT_SITE)).toEqual(SITE);
  expect(apply(store, [admitted(5)], live)).toMatchObject({ accepted: 0, refused: 1 });
  expect(refusals(store)).toEqual(['before-baseline']);
});

test('given a vault with a bad page, when it is rebuilt, then refused bodies and what waiting events say of people are there, and of events that wait no more nothing is', async () => {
  const dataDir = temporaryDir();
  const before = busy(dataDir);
  apply(before, [admitted(1_500, '//local/main/ehr/second')], live);
  await backup(dataDir, DEFAULT_SITE, join(dataDir, 'backups', 'one'), NOW);
  before.ingest.decide('//local/main/ehr/second', 'accept');
  while (before.ingest.drain(NOW));
  before.close();
  spoil(storeFiles(dataDir, DEFAULT_SITE).vault, 'person_updated');
  const { store, recovery } = recovered(dataDir);
  expect(recovery.persons).toBeGreaterThan(600);
  expect(store.vault!.db.prepare('SELECT COUNT(*) AS n FROM quarantined_facts').get()).toEqual({ n: 1 });
  const [letter] = store.ingest.deadLetters.choose({ reason: 'not-json' }, 0, 1);
  expect(store.ingest.deadLetters.message(letter!)!.payload).toEqual(Buffer.from('not JSON'));
  store.ingest.decide(STRANGER, 'accept');
  while (store.ingest.drain(NOW));
  expect(personOf(store, 1_002)).toMatchObject({ 'patient.name': 'Name 1002' });
});

test('given a log whose letters are lost, when a new message is refused, then it does not get the body of an old one', () => {
  const dataDir = temporaryDir();
  const before = site(dataDir);
  apply(before, ['not JSON', ...Array.from({ length: 200 }, (_, i) => admitted(i))], live);
  before.close();
  spoil(storeFiles(dataDir, DEFAULT_SITE).log, 'dead_letter');
  const { store } = recovered(dataDir);
  expect(refusals(store)).toEqual([]);
  apply(store, [admitted(300, EHR, LATER)], live);
  const [letter] = store.ingest.deadLetters.choose({}, 0, 1);
  expect(store.ingest.deadLetters.message(letter!)).toBeUndefined();
});
