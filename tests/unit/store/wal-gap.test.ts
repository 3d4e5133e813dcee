import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openForWriting } from '#core/store/open.ts';
import { walDamage } from '#core/store/wal-gap.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

const FRAME = 24 + 4096;

/** A database as a power cut leaves it: transactions of a few pages each, the last of them with the frame `from` its end zeroed. */
function cutOff(from: number): string {
  const dir = temporaryDir();
  const file = join(dir, 'a.db');
  const db = openForWriting(file);
  onTestFinished(() => {
    db.close();
  });
  db.pragma('wal_autocheckpoint = 0');
  db.exec('CREATE TABLE t (k INTEGER PRIMARY KEY, v BLOB)');
  const put = db.prepare('INSERT INTO t (v) VALUES (zeroblob(20000))');
  for (let i = 0; i < 5; i++) put.run();
  const left = join(dir, 'left.db');
  copyFileSync(file, left);
  const wal = readFileSync(`${file}-wal`);
  writeFileSync(`${left}-wal`, wal.fill(0, wal.length - (from + 1) * FRAME, wal.length - from * FRAME));
  return left;
}

test('given a last transaction of which a frame did not reach the disk, when the log is looked at, then it is no damage: nobody was told that it is stored', () => {
  for (const from of [0, 1, 3]) expect(walDamage(cutOff(from))).toBeUndefined();
});

test('given a frame that is lost in a transaction before the last, when the log is looked at, then it is damage: what follows was committed', () => {
  expect(walDamage(cutOff(14))).toMatch(/amid/);
});
