import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { newestBaseline } from '#core/store/baselines.ts';
import { loadEvent } from '../fixtures/load-events.ts';
import { apply, stateHash, temporaryDir, temporaryStore } from '../fixtures/stores.ts';
import { vigilCommand } from '../rig/core-process.ts';
import { answer, vigil } from '../rig/vigil-run.ts';

const START = Date.UTC(2026, 0, 14);
const EVENTS = 24_000;
const at = (i: number) => START + i * 1_000;

function filled(count: number): { data: string; hash: string } {
  const data = temporaryDir();
  const store = temporaryStore(data);
  for (let i = 0; i < count; i += 4_000) apply(store, Array.from({ length: Math.min(4_000, count - i) }, (_, k) => loadEvent(i + k, at(i + k))));
  const hash = stateHash(store);
  store.close();
  return { data, hash };
}

test('given a trimming that is killed in its midst, when it is asked for again, then it goes on where it was, and the state is the same before, between and after', async () => {
  const { data, hash } = filled(EVENTS);
  const { log } = storeFiles(data, DEFAULT_SITE);
  const before = new Date(at(EVENTS - 1_000)).toISOString();
  const look = () => {
    const db = openForReading(log);
    const baseline = newestBaseline(db);
    db.close();
    return baseline;
  };
  const child = spawn(process.execPath, [vigilCommand(), 'trim', '--before', before, '--data', data], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  while (!look()?.events_trimmed && child.exitCode === null) await sleep(2);
  child.kill('SIGKILL');
  await gone;
  const cut = look()!;
  expect(cut.completed).toBeNull();
  expect(cut.events_trimmed).toBeLessThan(EVENTS - 1_000);
  expect((await answer<{ hash: string }>(['state', '--hash', '--data', data])).hash).toBe(hash);
  const { trimmed } = await answer<{ trimmed: number }>(['trim', '--before', before, '--data', data]);
  expect(cut.events_trimmed + trimmed).toBe(EVENTS - 999);
  expect(look()!.completed).not.toBeNull();
  expect(await answer(['rebuild', '--data', data])).toMatchObject({ hash, same: true, events: 999 });
});

test('given a store, when it is backed up and restored by command, then names, refusals and hash are as told', async () => {
  const { data, hash } = filled(2_000);
  const made = await answer<{ target: string; stateHash: string; events: number }>(['backup', '--data', data]);
  expect(made).toMatchObject({ stateHash: hash, events: 2_000 });
  expect(readdirSync(made.target).sort()).toEqual(['backup.json', 'local.main.db', 'local.main.vault.db']);
  const elsewhere = temporaryDir();
  expect(await answer(['restore', made.target, '--data', elsewhere])).toMatchObject({ stateHash: hash });
  expect((await answer<{ hash: string }>(['state', '--hash', '--data', elsewhere])).hash).toBe(hash);
  const again = await vigil(['restore', made.target, '--data', elsewhere]);
  expect({ code: again.code, says: again.err.includes('--force') }).toEqual({ code: 1, says: true });
  expect(await answer(['restore', made.target, '--data', elsewhere, '--force'])).toMatchObject({ stateHash: hash });
  const taken = await vigil(['backup', join(made.target), '--data', data]);
  expect({ code: taken.code, says: taken.err.includes('is there already') }).toEqual({ code: 1, says: true });
});
