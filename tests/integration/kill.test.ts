import { expect, test } from 'vitest';
import { temporaryDir } from '../fixtures/stores.ts';
import { killRun } from '../rig/kill-run.ts';

test.each([
  ['embedded', 0],
  ['mosquitto', 1],
] as const)('given 1,000 events a second by %s, when the core is killed three times and the broker restarted %i times, then every acknowledged event is there once and the state is that of a calm run', async (broker, brokerRestarts) => {
  const report = await killRun(temporaryDir(), { broker, kills: 3, rate: 1_000, lifeMs: 1_500, brokerRestarts });
  expect(report.acknowledged).toBe(report.sent);
  expect(report).toMatchObject({ lost: [], doubled: 0, hash: report.undisturbed });
});
