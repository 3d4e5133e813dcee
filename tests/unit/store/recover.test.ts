import Database from 'better-sqlite3';
import { copyFileSync, existsSync, openSync, closeSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { wallClock } from '#core/clock/clock.ts';
import { topicOf } from '#core/mqtt/publisher.ts';
import { backup } from '#core/store/backup.ts';
import { markDamaged } from '#core/store/damage.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { openRecovering } from '#core/store/recover.ts';
import { trim } from '#core/store/trim.ts';
import { WriterThread, type WriterEvents } from '#core/store/writer-thread.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { loadEvent } from '../../fixtures/load-events.ts';
import { apply, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.UTC(2026, 0, 14);
const PAGE = 4_096;
const stream = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => loadEvent(from + i, NOW + from + i));

/** Overwrites a part of a file with bytes that mean nothing. */
function garbage(file: string, at: number, length: number): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.from(Array.from({ length }, (_, i) => (i * 167 + 13) % 251)), 0, length, at);
  closeSync(fd);
}

function open(dataDir: string) {
  const { store, recovery } = openRecovering({ dataDir, id: DEFAULT_SITE, withVault: true }, NOW);
  onTestFinished(() => store.close());
  return { store, recovery };
}
const events = (store: ReturnType<typeof temporaryStore>) => (store.db.prepare('SELECT COUNT(*) AS n FROM ops_event').get() as { n: number }).n;

/** A closed store of 3,000 events, and the hash of its state. */
function closedStore(): { dataDir: string; log: string; vault: string; hash: string } {
  const dataDir = temporaryDir();
  const store = temporaryStore(dataDir);
  for (let i = 0; i < 3_000; i += 500) apply(store, stream(i, i + 500), { now: NOW });
  const hash = stateHash(store);
  store.close();
  return { dataDir, ...storeFiles(dataDir, DEFAULT_SITE), hash };
}

test('given a sound store, when it is opened, then nothing is done about it', () => {
  const { dataDir, hash } = closedStore();
  const { store, recovery } = open(dataDir);
  expect(recovery).toBeUndefined();
  expect(stateHash(store)).toBe(hash);
});

test('given a log whose header is garbage and no backup, when the store is opened, then every event is read out of its pages', () => {
  const { dataDir, log, hash } = closedStore();
  garbage(log, 0, 100);
  const { store, recovery } = open(dataDir);
  expect(recovery).toMatchObject({ backup: null, events: 3_000, salvaged: 3_000, baseline: 'lost' });
  expect(stateHash(store)).toBe(hash);
  expect(readdirSync(recovery!.setAside!)).toEqual(expect.arrayContaining(['local.main.db', 'report.json']));
  store.close();
  expect(open(dataDir).recovery).toBeUndefined();
});

test.each([
  ['cut short', (log: string) => truncateSync(log, Math.floor(statSync(log).size * 0.9 / PAGE) * PAGE)],
  ['with garbage in its midst', (log: string) => garbage(log, 4 * PAGE, Math.floor(statSync(log).size / 3))],
])('given a log that is %s and a backup of a while ago, when the store is opened, then what the backup has is there, and of the rest what can be read', async (_, damage) => {
  const dataDir = temporaryDir();
  const first = temporaryStore(dataDir);
  apply(first, stream(0, 2_000), { now: NOW });
  await backup(dataDir, DEFAULT_SITE, join(dataDir, 'backups', 'one'), NOW);
  apply(first, stream(2_000, 3_000), { now: NOW });
  first.close();
  damage(storeFiles(dataDir, DEFAULT_SITE).log);
  markDamaged(storeFiles(dataDir, DEFAULT_SITE).log, { problem: 'test' });
  const { store, recovery } = open(dataDir);
  expect(recovery).toMatchObject({ backup: NOW, baseline: 'kept' });
  expect(recovery!.salvaged).toBeGreaterThan(0);
  expect(events(store)).toBe(2_000 + recovery!.salvaged!);
  expect(apply(store, stream(0, 2_000), { now: NOW })).toMatchObject({ accepted: 0, duplicates: 2_000 });
  const hash = stateHash(store);
  rebuild(store.db);
  expect(stateHash(store)).toBe(hash);
});

/** Directories of the backups that are read through from now on, in order. */
function readThrough(): string[] {
  const seen: string[] = [];
  const original = Database.prototype.pragma;
  Database.prototype.pragma = function (this: Database.Database, ...asked: Parameters<typeof original>) {
    const dir = dirname(this.name);
    if (asked[0].startsWith('integrity_check') && basename(dirname(dir)) === 'backups' && seen.at(-1) !== basename(dir)) seen.push(basename(dir));
    return original.apply(this, asked);
  };
  onTestFinished(() => void (Database.prototype.pragma = original));
  return seen;
}

test('given many backups of which the newest is damaged, when a damaged store is opened, then the newest sound one is taken and no older one is read through', async () => {
  const dataDir = temporaryDir();
  const first = temporaryStore(dataDir);
  // The names are in another order than the times.
  const takenAt = { d: 1, b: 2, e: 3, a: 4, c: 5 };
  for (const [name, day] of Object.entries(takenAt)) {
    apply(first, stream(day * 10, day * 10 + 10), { now: NOW });
    await backup(dataDir, DEFAULT_SITE, join(dataDir, 'backups', name), NOW + day);
  }
  mkdirSync(join(dataDir, 'backups', 'no backup'));
  writeFileSync(join(dataDir, 'backups', 'no directory'), '');
  first.close();
  garbage(storeFiles(join(dataDir, 'backups', 'c'), DEFAULT_SITE).log, 2 * PAGE, 4 * PAGE);
  garbage(storeFiles(dataDir, DEFAULT_SITE).log, 0, 100);
  const seen = readThrough();
  const { recovery } = open(dataDir);
  expect(recovery).toMatchObject({ backup: NOW + takenAt.a });
  // Restoring reads it once more.
  expect([...new Set(seen)]).toEqual(['c', 'a']);
});

test('given a trimmed log with one garbage page and no backup, when the store is opened, then its baseline is kept and the tail as far as it can be read', () => {
  const dataDir = temporaryDir();
  const first = temporaryStore(dataDir);
  apply(first, stream(0, 3_000), { now: NOW });
  trim(first.db, NOW + 1_499, NOW + 9_999);
  const hash = stateHash(first);
  const { root } = first.db.prepare("SELECT rootpage AS root FROM sqlite_schema WHERE name = 'ops_event_time'").get() as { root: number };
  first.close();
  const { log } = storeFiles(dataDir, DEFAULT_SITE);
  garbage(log, (root - 1) * PAGE, PAGE);
  markDamaged(log, { problem: 'test' });
  const { store, recovery } = open(dataDir);
  expect(recovery).toMatchObject({ baseline: 'kept', events: 1_500, salvaged: 1_500 });
  expect(stateHash(store)).toBe(hash);
});

test.each([
  ['its header', 0, 32],
  ['a frame in its midst', 100_000, 3_000],
])('given a write-ahead log left by a crash with garbage in %s, when the store is opened, then no committed event that can be read is dropped without a word', (_, at, length) => {
  const running = temporaryDir();
  const first = temporaryStore(running);
  for (let i = 0; i < 1_000; i += 100) apply(first, stream(i, i + 100), { now: NOW });
  const dataDir = temporaryDir();
  for (const name of readdirSync(running).filter((file) => !/shm|lock/.test(file))) copyFileSync(join(running, name), join(dataDir, name));
  garbage(`${storeFiles(dataDir, DEFAULT_SITE).log}-wal`, at, length);
  const { store, recovery } = open(dataDir);
  expect(recovery!.problem).toMatch(/write-ahead log/);
  expect(events(store)).toBeGreaterThan(990);
  expect(stateHash(store)).toBe((rebuild(store.db), stateHash(store)));
});

test('given a vault with garbage in its midst, when the store is opened, then the log is untouched and the persons before and behind the damage are there', () => {
  const dataDir = temporaryDir();
  const first = temporaryStore(dataDir);
  apply(first, Array.from({ length: 3_000 }, (_, i) => envelope('adt.admitted', NOW + i, { encounter: `E${i}`, patient: { id: `MRN${i}`, name: `Name ${i}` }, location: { unit: 'A' } }, { id: `a${i}` })), { now: NOW });
  const hash = stateHash(first);
  first.close();
  const { log, vault } = storeFiles(dataDir, DEFAULT_SITE);
  const pages = statSync(vault).size / PAGE;
  garbage(vault, Math.floor(pages / 2) * PAGE, 2 * PAGE);
  markDamaged(log, { problem: 'test' });
  const { store, recovery } = open(dataDir);
  expect(recovery!.events).toBeUndefined();
  expect(recovery!.persons).toBeGreaterThan(2_500);
  expect(stateHash(store)).toBe(hash);
  expect(readdirSync(recovery!.setAside!)).toContain('local.main.vault.db');
});

test('given a mark and a sound store, when it is opened, then it is read through, nothing is set aside, and the mark is gone', () => {
  const { dataDir, log, hash } = closedStore();
  markDamaged(log, { problem: 'a reader met SQLITE_CORRUPT' });
  const { store, recovery } = open(dataDir);
  expect(recovery!.problem).toMatch(/are sound/);
  expect(stateHash(store)).toBe(hash);
  expect(existsSync(`${log}.damaged`)).toBe(false);
});

test('given a running writer whose index turns out to be garbage, when it cannot write, then it ends instead of trying for ever, and its next start rebuilds the store and takes the event', async () => {
  const { dataDir, log } = closedStore();
  const db = openForReading(log);
  const roots = db.prepare<[], { root: number }>("SELECT rootpage AS root FROM sqlite_schema WHERE name IN ('ops_event_identity', 'ops_event_time', 'entity_recent')").all();
  db.close();
  for (const { root } of roots) garbage(log, (root - 1) * PAGE, PAGE);
  const submit = async (quiet: Partial<WriterEvents> = {}) => {
    const started = await WriterThread.start({ dataDir, id: DEFAULT_SITE, withVault: true }, wallClock, { onCommitted: () => undefined, onStalled: () => undefined, onLost: () => undefined, ...quiet });
    const event = loadEvent(9_000, NOW);
    const committed = new Promise<'committed'>((resolve) => started.writer.submit({ topic: topicOf(event)!, payload: Buffer.from(JSON.stringify(event)) }, () => resolve('committed')));
    return { ...started, committed };
  };
  const lost = await new Promise<Error>((resolve, reject) => submit({ onLost: resolve }).catch(reject));
  expect(lost.message).toMatch(/malformed/);
  const { writer, recovery, committed } = await submit();
  expect(recovery).toMatchObject({ salvaged: 3_000 });
  expect(await committed).toBe('committed');
  await writer.close();
});
