import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { SNAPSHOT_FAMILIES } from '#shared/snapshots/families.ts';
import { retentionSchema } from '#shared/retention.ts';
import { AccessStore } from '#core/access/access-store.ts';
import { wallClock } from '#core/clock/clock.ts';
import type { ExportAsked } from '#core/exports/asked.ts';
import { exportPage } from '#core/exports/page.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { LiveSite } from '#core/link/live-site.ts';
import { backup } from '#core/store/backup.ts';
import { checkIntegrity } from '#core/store/integrity.ts';
import { openForReading, type Db } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { queryStore } from '#core/store/query.ts';
import { readEvents } from '#core/store/read-events.ts';
import { readLetters } from '#core/store/read-letters.ts';
import { readLog } from '#core/store/read-log.ts';
import { markEvent } from '#core/store/event-marks.ts';
import { unknownOf } from '#core/store/joined.ts';
import { erasePatient } from '#core/store/patients.ts';
import { latestSnapshots, snapshotHistory } from '#core/store/read-snapshots.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { REFRESH_DOMAINS } from '#shared/snapshots/domains.ts';
import { refresh } from '#core/store/refresh.ts';
import { SampleStore } from '#core/store/samples.ts';
import { series } from '#core/store/series.ts';
import { currentEntities, entitiesAt, hashState } from '#core/store/state.ts';
import { storeTasks, Upkeep } from '#core/store/upkeep.ts';
import { whoIsHere } from '#core/store/who-is-here.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { hospitalEvent } from '../../fixtures/hospital-stream.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Tables of a few rows however long a site runs. */
const SMALL = new Set(['site', 'ops_event_source', 'baseline', 'metric_series', 'snapshot_subject', 'snapshot_reason', 'snapshot_watch', 'history_horizon', 'sqlite_schema', 'sqlite_master', 'bed_use',
  'user', 'token', 'session', 'attempt', 'audit_head', 'audit_anchor']);

/** Statements that may walk a whole table, and why. */
const ALLOWED: readonly { sql: RegExp; why: string }[] = [
  { sql: /^SELECT kind, id, state FROM entity WHERE state IS NOT NULL ORDER BY kind, id$/, why: 'state hash and dump of everything' },
  { sql: /^SELECT entity, state FROM baseline_entity WHERE until IS NULL$/, why: 'everything at the newest baseline, for a replay of the whole log' },
  { sql: /^SELECT (COUNT\(\*\)|COALESCE\(SUM\(LENGTH\(body\)\), 0\)) AS n FROM dead_letter(_body)?( WHERE replayed IS NULL.*)?$/, why: 'refused messages are kept up to a number; counted at start and when asked' },
  { sql: /^SELECT \(SELECT COUNT\(\*\) FROM dead_letter\) - /, why: 'the same number, counted once with the first refusal and kept from then on' },
  { sql: /^SELECT dead_letter_id FROM dead_letter WHERE due IS NULL OR replayed IS NOT NULL ORDER BY dead_letter_id LIMIT \?$/, why: 'the oldest refused messages, from the beginning of the table' },
  { sql: /^SELECT 1 FROM ops_event WHERE constructed IS NOT NULL LIMIT 1$/, why: 'the first entry of an index that holds only such events' },
  { sql: /^SELECT COALESCE\(MAX\(position\), 0\) AS position, COUNT\(\*\) AS events FROM ops_event$/, why: 'a backup counts its own copy' },
];

/** Every statement that is prepared while the test runs, by text, with the file that it is asked of. */
const prepared = new Map<string, string>();
const kindOf = (file: string) => ['vault', 'access', 'lock'].find((kind) => file.includes(kind)) ?? 'log';
const original = Database.prototype.prepare;
Database.prototype.prepare = function (this: Database.Database, sql: string) {
  if (!sql.startsWith('EXPLAIN')) prepared.set(sql.replaceAll(/\s+/g, ' ').trim(), kindOf(this.name));
  return original.call(this, sql);
} as typeof original;
afterAll(() => {
  Database.prototype.prepare = original;
});

/** Some text, number or choice for each filter of the audit trail, and none. */
const AUDIT_FILTERS = [{}, { from: START }, { to: START + DAY }, { from: START, to: START + DAY }].flatMap((time) => [{}, { action: 'createSession' }, { actor: 'anna' }, { outcome: 'refused' as const }, { action: 'createSession', actor: 'anna', outcome: 'done' as const }].map((what) => ({ ...time, ...what })));

/** Lets an access file do all that it does, and hands it out. */
async function exerciseAccess(): Promise<Db> {
  const file = join(temporaryDir(), 'one.access.db');
  let now = START;
  const store = new AccessStore(file, loadSiteKey(DEFAULT_SITE), () => now, { N: 2 ** 11, r: 8, p: 1 });
  const actor = { kind: 'user', name: 'anna', from: '10.0.0.1' } as const;
  store.append(Array.from({ length: 50 }, () => ({ action: 'createSession', actor, outcome: 'done' as const, subject: {} })));
  await store.createUser({ name: 'anna', roles: ['operator'], password: 'a long pass phrase' });
  await store.updateUser('anna', { roles: ['admin'] });
  await expect(store.signIn({ name: 'anna', password: 'wrong' }, '10.0.0.1')).rejects.toThrow('wrong');
  now += HOUR;
  const { secret, principal } = await store.signIn({ name: 'anna', password: 'a long pass phrase' }, '10.0.0.1');
  store.identify(secret);
  store.look(secret);
  store.accountOf({ badge: 'A-1234567890' });
  store.breakGlass(principal.session!.id);
  await store.changePassword(principal.session!.id, 'a long pass phrase', 'another long phrase', '10.0.0.1');
  store.admit({ subject: 'https://id/1', name: 'bert', roles: ['operator'] });
  store.endSession(principal.session!.id);
  store.appoint([{ name: 'carl', roles: ['operator'] }]);
  store.identify(store.createToken({ name: 'one', scopes: ['views.read'], days: 1 }).secret);
  store.revokeToken('one');
  store.listUsers();
  store.listTokens();
  for (const filter of AUDIT_FILTERS) for (const before of [undefined, 20]) store.listAudit({ ...filter, limit: 10, before });
  expect([...store.allAudit()]).toHaveLength(50);
  expect(await store.verifyAudit()).toMatchObject({ ok: true });
  now += 10 * DAY;
  expect(store.forgetAudit(1).forgotten).toBe(50);
  store.close();
  const db = openForReading(file);
  onTestFinished(() => {
    db.close();
  });
  return db;
}

const RANGE = { from: START, to: START + DAY };
const EXPORTS: readonly ExportAsked[] = [
  { list: 'events', ...RANGE }, { list: 'dead-letters', ...RANGE }, { list: 'sources' }, { list: 'beds' },
  ...SNAPSHOT_FAMILIES.map(({ name }) => ({ list: 'snapshots' as const, family: name, ...RANGE })),
  ...(['1m', '15m', '1h', '1d'] as const).map((step) => ({ list: 'series' as const, metric: 'ed.census', step, ...RANGE })),
];

/** Lets a store do all that it does while a hospital runs, and is asked for. */
async function exercise(): Promise<ReturnType<typeof temporaryStore>> {
  const dataDir = temporaryDir();
  const store = temporaryStore(dataDir);
  const now = START + 3 * DAY;
  apply(store, Array.from({ length: 3_000 }, (_, i) => hospitalEvent(i, START + i * 60_000)), { now });
  apply(store, ['no JSON', hospitalEvent(0, START), hospitalEvent(1, START + 1), envelope('bed.cleaning-requested', now + DAY, { unit: '4E', bed: '1' }, { id: 'ahead' })], { now, live: true });
  store.ingest.release(now + 2 * DAY);
  new SampleStore(store.db, 'UTC').write([['ed.census', now, 1]]);
  const upkeep = new Upkeep(storeTasks(store, retentionSchema.parse({ events: 1, samples: 1 })));
  upkeep.due(now);
  upkeep.due(now + HOUR);
  while (upkeep.step(now));
  rebuild(store.db);
  await backup(dataDir, DEFAULT_SITE, join(dataDir, 'backups', 'one'), now);
  const { log } = storeFiles(dataDir, DEFAULT_SITE);
  new LiveSite(log, DEFAULT_SITE, wallClock, new Map()).readOn();
  const db = openForReading(log);
  onTestFinished(() => {
    db.close();
  });
  for (const [metric, { kind }] of metricDefinitions) {
    for (const window of [{}, { to: now - 12 * HOUR }, ...(kind === 'gauge' ? [] : [{ from: now - HOUR, to: now - 1 }])]) queryStore(db, DEFAULT_SITE, { metric, scope: {}, ...window });
    if (!metric.startsWith('data.')) series(db, 'UTC', { metric, scope: {}, from: now - DAY, to: now });
  }
  for (const domain of REFRESH_DOMAINS) refresh(db, { domain });
  for (const { name } of SNAPSHOT_FAMILIES) {
    latestSnapshots(db, { family: name }, now);
    snapshotHistory(db, { family: name }, now - DAY, now);
  }
  for (const order of ['newest', 'oldest'] as const) {
    for (const filter of [{ type: 'adt.admitted', processed: false }, { from: START, to: now }, { source: 'ehr/epic-1', entity: { kind: 'bed', id: '4E/1' } }]) readEvents(db, { filter, order, limit: 10 });
  }
  const { position } = readEvents(db, { filter: {}, order: 'newest', limit: 1 }).events[0]!;
  markEvent(store.db, position, { at: now, by: 'somebody' });
  markEvent(store.db, position, undefined);
  readLetters(db, { limit: 10 });
  for (const asked of EXPORTS) exportPage(db, DEFAULT_SITE, { asked, format: 'csv', place: { part: 0, key: START, tie: 0 } }, 10);
  readLog(db, { after: 0, limit: 10 });
  unknownOf(db, []);
  for (const step of erasePatient({ ...store, vault: store.vault! }, { identifier: 'MRN-1' })) expect(step).toBeUndefined();
  whoIsHere(db);
  hashState(currentEntities(db));
  hashState(entitiesAt(db, now - 6 * HOUR));
  for (const slice of checkIntegrity(db)) expect(slice).toBeUndefined();
  return store;
}

test('given all that a store does and is asked, when its query plans are looked at, then no statement walks through a large table', async () => {
  const store = await exercise();
  const files: Readonly<Record<string, Db>> = { log: store.db, vault: store.vault!.db, access: await exerciseAccess() };
  const walks: string[] = [];
  let looked = 0;
  for (const [sql, where] of prepared) {
    if (where === 'lock' || !/^(SELECT|WITH|INSERT|UPDATE|DELETE)/i.test(sql)) continue;
    const plan = files[where]!.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql.replaceAll(/\?|@\w+/g, '1')}`);
    for (const { detail } of plan.all()) {
      looked++;
      const [, name] = /^SCAN (\w+)/.exec(detail) ?? [];
      if (name === undefined || name === 'CONSTANT') continue;
      const table = new RegExp(`(?:FROM|JOIN|UPDATE|INTO) (\\w+) (?:AS )?${name}\\b`).exec(sql)?.[1] ?? name;
      if (!SMALL.has(table) && !isBounded(sql) && !ALLOWED.some((one) => one.sql.test(sql))) walks.push(`${detail}: ${sql}`);
    }
  }
  expect(looked).toBeGreaterThan(80);
  expect(walks).toEqual([]);
});

/** Walks that end after a given number of rows, in the order of an index: pages of a key, and the newest or oldest of all. */
const isBounded = (sql: string) => /ORDER BY [^()]* LIMIT (\?|\d+|@\w+)\)?$/.test(sql) && !/WHERE(?!.*(> \(?[?@]|< [?@]))/.test(sql);
