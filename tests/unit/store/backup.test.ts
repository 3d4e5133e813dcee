import { readdirSync, truncateSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { wallClock } from '#core/clock/clock.ts';
import { backup, verifyBackup } from '#core/store/backup.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { restore } from '#core/store/restore.ts';
import { WriterThread } from '#core/store/writer-thread.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { loadEvent } from '../../fixtures/load-events.ts';
import { apply, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.UTC(2026, 0, 14);
const quiet = { onCommitted: () => undefined, onStalled: () => undefined, onLost: () => undefined, onSources: () => undefined };

test('given a writer that takes events, when a backup is made meanwhile and restored elsewhere, then it is the log of one moment, whole, with the persons it speaks of', async () => {
  const dataDir = temporaryDir();
  const { writer } = await WriterThread.start({ dataDir, id: DEFAULT_SITE, withVault: true }, wallClock, quiet);
  let [sent, committed, on] = [0, 0, true];
  const flow = (async () => {
    for (; on; await sleep(2)) {
      for (let k = 0; k < 10; k++) {
        const event = envelope('adt.admitted', NOW + sent, { encounter: `E${sent}`, patient: { id: `MRN${sent}`, name: `N ${sent}` }, location: { unit: 'A' } }, { id: `a${sent++}` });
        writer.submit({ topic: `vigil/v1/local/main/events/ehr/${event.type}`, payload: Buffer.from(JSON.stringify(event)) }, () => committed++);
      }
    }
  })();
  while (committed < 1_500) await sleep(5);
  const [atLeast, target] = [committed, join(temporaryDir(), 'b')];
  const manifest = await backup(dataDir, DEFAULT_SITE, target, NOW);
  const atMost = sent;
  on = false;
  await flow;
  await writer.close();
  expect(manifest.events).toBeGreaterThanOrEqual(atLeast);
  expect(manifest.events).toBeLessThanOrEqual(atMost);
  const elsewhere = temporaryDir();
  expect(restore(target, elsewhere, NOW).manifest.stateHash).toBe(manifest.stateHash);
  const store = temporaryStore(elsewhere);
  expect(stateHash(store)).toBe(manifest.stateHash);
  rebuild(store.db);
  expect(stateHash(store)).toBe(manifest.stateHash);
  const patients = store.db.prepare("SELECT json_extract(state, '$.adt.patient') AS p FROM entity WHERE kind = 'encounter'").all() as { p: string }[];
  expect(patients).toHaveLength(manifest.events);
  expect(patients.filter(({ p }) => store.vault!.read(p) === undefined)).toEqual([]);
});

test('given a store in its place, when a backup is restored over it, then it is refused, and with force set aside', async () => {
  const dataDir = temporaryDir();
  const first = temporaryStore(dataDir);
  apply(first, [loadEvent(0, NOW)]);
  const target = join(temporaryDir(), 'b');
  await backup(dataDir, DEFAULT_SITE, target, NOW);
  const hash = stateHash(first);
  apply(first, [loadEvent(3, NOW)]);
  first.close();
  expect(() => restore(target, dataDir, NOW)).toThrow(/is there already. Give --force/);
  const { setAside } = restore(target, dataDir, NOW, { force: true });
  expect(stateHash(temporaryStore(dataDir))).toBe(hash);
  expect(readdirSync(setAside!)).toContain('local.main.db');
});

test('given a core that runs, when a backup is restored over its store, then it is refused', async () => {
  const dataDir = temporaryDir();
  apply(temporaryStore(dataDir), [loadEvent(0, NOW)]);
  const target = join(temporaryDir(), 'b');
  await backup(dataDir, DEFAULT_SITE, target, NOW);
  expect(() => restore(target, dataDir, NOW, { force: true })).toThrow(/another Vigil/);
});

test.each([
  ['cut short', (file: string) => truncateSync(file, 8_192), /damaged/],
  ['of another state', (file: string) => writeFileSync(join(file, '..', 'backup.json'), readFileSync(join(file, '..', 'backup.json'), 'utf8').replace(/"stateHash": "../, '"stateHash": "zz')), /damaged: its state is/],
  ['without its description', (file: string) => writeFileSync(join(file, '..', 'backup.json'), '{'), /cannot be read/],
])('given a backup that is %s, when it is restored, then it is refused and nothing is put in place', async (_, damage, words) => {
  const dataDir = temporaryDir();
  apply(temporaryStore(dataDir), Array.from({ length: 100 }, (_value, i) => loadEvent(i, NOW + i)));
  const target = join(temporaryDir(), 'b');
  await backup(dataDir, DEFAULT_SITE, target, NOW);
  expect(verifyBackup(target).events).toBe(100);
  damage(storeFiles(target, DEFAULT_SITE).log);
  const elsewhere = temporaryDir();
  expect(() => restore(target, elsewhere, NOW)).toThrow(words);
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('given a backup that is stopped on the way, when one looks, then nothing of it is left', async () => {
  const dataDir = temporaryDir();
  apply(temporaryStore(dataDir), Array.from({ length: 2_000 }, (_, i) => loadEvent(i, NOW + i)));
  const [dir, stop] = [temporaryDir(), new AbortController()];
  stop.abort(new Error('stopped'));
  await expect(backup(dataDir, DEFAULT_SITE, join(dir, 'b'), NOW, { signal: stop.signal })).rejects.toThrow('stopped');
  expect(readdirSync(dir)).toEqual([]);
});
