import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { loadEvent } from '../fixtures/load-events.ts';
import { apply, temporaryDir, temporaryStore } from '../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 14);

/** Runs one command on a store directory; what it prints is its answer. */
const vigil = (...args: string[]) =>
  new Promise<{ code: number; answer: Record<string, unknown>; said: string }>((resolve) => {
    const child = execFile(process.execPath, ['electron/cli/vigil.ts', ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode!, answer: stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>), said: stderr }),
    );
  });

function filled(): string {
  const data = temporaryDir();
  const store = temporaryStore(data);
  apply(store, Array.from({ length: 200 }, (_, i) => loadEvent(i, START + i * 20_000)));
  store.close();
  return data;
}

test('given a loaded file, when its history is computed and asked for, then series and snapshots tell it', async () => {
  const data = filled();
  expect(await vigil('history', '--data', data, '--from', '2026-01-14T00:00:00Z', '--to', '2026-01-14T01:05:00Z', '--json')).toMatchObject({ code: 0, answer: { moments: 14 } });
  const course = await vigil('series', 'ed.census', '--data', data, '--from', '2026-01-14T00:00:00Z', '--to', '2026-01-14T02:00:00Z', '--step', '15m');
  expect(course).toMatchObject({ code: 0, answer: { step: '15m', points: [2, 3, 3, 3, 2].map((count) => ({ count })) } });
  const unit = await vigil('snapshots', 'unit', '--unit', 'MICU', '--data', data, '--json');
  expect(unit).toMatchObject({ code: 0, answer: { family: 'unit', snapshots: [{ subject: { unit: 'MICU' } }] } });
  const kpi = await vigil('snapshots', 'kpi', '--subject', 'metric=ed.census', '--from', '2026-01-14T00:00:00Z', '--data', data);
  expect(kpi).toMatchObject({ code: 0, answer: { snapshots: [{ at: START, subject: { period: 'hour' } }], more: false } });
});

test('given a state that is not what the log says, when it is refreshed, then the exit code and the answer say so', async () => {
  const data = filled();
  expect(await vigil('refresh', '--domain', 'ed', '--data', data, '--json')).toMatchObject({ code: 0, answer: { domain: 'ed', differences: [] } });
  const store = temporaryStore(data);
  store.db.prepare(`UPDATE entity SET state = '{}' WHERE entity_id = (SELECT MIN(entity_id) FROM entity WHERE kind = 'bed')`).run();
  store.close();
  expect(await vigil('refresh', '--domain', 'beds', '--data', data, '--json')).toMatchObject({ code: 1, answer: { differences: [{ kind: 'bed', current: {} }] } });
});

test.each([
  [['snapshots', 'beds'], 'no snapshot family beds; there are hospital-unit'],
  [['snapshots', 'bed', '--room', '1'], 'bed snapshots have no room'],
  [['snapshots', 'bed', '--limit', 'all'], '--limit: give a whole number'],
  [['series', 'beds.nonsense'], 'unknown metric beds.nonsense'],
  [['series', 'beds.occupied', '--step', '2h'], 'Allowed choices are 1m, 15m, 1h, 1d'],
  [['refresh'], 'give either --unit or --domain'],
  [['history', '--step', '0'], '--step: give minutes'],
])('given %j, when it is asked, then it is refused as usage and says why', async (args, why) => {
  const { code, said } = await vigil(...args, '--data', filled());
  expect([code, said]).toEqual([2, expect.stringContaining(why)]);
});
