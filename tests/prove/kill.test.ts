import { expect, test } from 'vitest';
import { temporaryDir } from '../fixtures/stores.ts';
import { killRun } from '../rig/kill-run.ts';

const KILLS = 50;

test.each([
  ['embedded', 0],
  ['mosquitto', 5],
] as const)(`given 1,000 events a second by %s, when the core is killed ${KILLS} times and the broker restarted %i times, then nothing is lost or doubled`, async (broker, brokerRestarts) => {
  const report = await killRun(temporaryDir(), {
    broker,
    kills: KILLS,
    rate: 1_000,
    lifeMs: 3_000,
    brokerRestarts,
    onKill: (done) => done % 10 === 0 && process.stderr.write(`${broker}: ${done} of ${KILLS} kills\n`),
  });
  process.stderr.write(`${broker}: ${report.sent} events, ${report.acknowledged} acknowledged, ${report.lost.length} lost, ${report.doubled} doubled, hash ${report.hash === report.undisturbed ? 'equal' : 'DIFFERENT'}\n`);
  expect(report.acknowledged).toBe(report.sent);
  expect(report).toMatchObject({ lost: [], doubled: 0, hash: report.undisturbed });
});
