import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { Checkpoints } from '#core/store/checkpoints.ts';
import { KeeperThread } from '#core/store/keeper-thread.ts';
import type { KeeperState } from '#core/store/keeper-protocol.ts';
import { openForReading, openForWriting } from '#core/store/open.ts';
import { temporaryDir } from '../../fixtures/stores.ts';
import { join } from 'node:path';

const MIB = 1024 ** 2;

/** A database with a write-ahead log of about so many bytes, which its writer leaves alone. */
function grown(file: string, bytes: number) {
  const db = openForWriting(file);
  onTestFinished(() => {
    db.close();
  });
  db.pragma('wal_autocheckpoint = 0');
  db.exec('CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY, v BLOB)');
  const put = db.prepare('INSERT INTO t (v) VALUES (zeroblob(?))');
  const write = (size: number) => {
    for (let written = 0; written < size; written += MIB) put.run(MIB);
  };
  write(bytes);
  return { db, write, wal: () => statSync(`${file}-wal`).size };
}
const checkpoints = (file: string) => {
  const db = openForWriting(file);
  onTestFinished(() => {
    db.close();
  });
  return new Checkpoints(db);
};

test('given a write-ahead log that has grown, when the keeper looks, then it is copied, and cut once it is long', () => {
  const file = join(temporaryDir(), 'a.db');
  const { write, wal } = grown(file, 10 * MIB);
  const keeper = checkpoints(file);
  expect(keeper.look(1)).toMatchObject({ state: 'ok', checkpointed: 1 });
  write(70 * MIB);
  expect(keeper.look(2)).toMatchObject({ state: 'ok', bytes: 0, checkpointed: 2 });
  expect(wal()).toBe(0);
});

test('given a reader that keeps its view, when the write-ahead log grows past its bound, then health names it, and when it lets go the log is cut', () => {
  const file = join(temporaryDir(), 'a.db');
  const { write } = grown(file, MIB);
  const reader = openForReading(file);
  reader.exec('BEGIN');
  reader.prepare('SELECT COUNT(*) FROM t').get();
  write(140 * MIB);
  const keeper = checkpoints(file);
  expect(keeper.look(1)).toMatchObject({ state: 'held', problem: expect.stringContaining('reader') });
  write(MIB);
  reader.close();
  expect(keeper.look(2)).toMatchObject({ state: 'ok', bytes: 0 });
});

test('given a keeper thread, when its time comes, then it has read the files through and says so, and it ends when it is told', async () => {
  const file = join(temporaryDir(), 'a.db');
  grown(file, 3 * MIB);
  const keeper = new KeeperThread({ log: file, firstCheckMs: 10 });
  const integrity = () => (keeper.state as KeeperState).integrity;
  for (let i = 0; i < 400 && integrity().checked === undefined; i++) await sleep(25);
  expect(integrity()).toMatchObject({ state: 'ok' });
  await keeper.close();
});
