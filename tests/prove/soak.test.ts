import { expect, test } from 'vitest';
import { temporaryDir } from '../fixtures/stores.ts';
import { soakRun } from '../rig/soak-run.ts';

const option = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const SOAK_MINUTES = option('VIGIL_SOAK_MINUTES', 60);
const SUSTAINED_MINUTES = option('VIGIL_SUSTAINED_MINUTES', 10);
const SUSTAINED_RATE = option('VIGIL_SUSTAINED_RATE', 5_000);

/** Caches fill and the heap finds its size in the first sixth of a soak; a short one tells less. */
const PART = 1 / 6;
/** Closed stays at the start: as many as a core keeps in memory. */
const OVER = 300_000;
const LONG_MINUTES = 30;
const MOST_GROWTH = { long: 0.05, short: 0.25 };
const MOST_LAG_MS = 100;
const MOST_WAL_MB = 64;

/** A heap breathes by a tenth between collections: single minutes say nothing of its level. */
const level = (mb: readonly number[]) => mb.reduce((sum, each) => sum + each, 0) / mb.length;

const say = (line: string) => process.stderr.write(`${line}\n`);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

test(`given ${SOAK_MINUTES} min at 1,000 events/s with retention at work, when they are over, then nothing is lost, memory is flat, the lag is short and the WAL bounded`, async () => {
  const report = await soakRun(temporaryDir(), { rate: 1_000, minutes: SOAK_MINUTES, old: 200_000, over: OVER, say });
  const part = Math.max(1, Math.round(report.rssMb.length * PART));
  const warm = level(report.rssMb.slice(part, 2 * part));
  const growth = level(report.rssMb.slice(-part)) / warm - 1;
  say(`${report.sent} events, lag p50 ${report.lag.p50} ms, p99 ${report.lag.p99} ms, most ${report.lag.max} ms; memory ${warm.toFixed(0)} MB after warm-up, ${percent(growth)} growth; WAL at most ${report.walMb.toFixed(1)} MB; ${report.trimmed} events forgotten meanwhile`);
  expect(report.acknowledged).toBe(report.sent);
  expect(report.stored + report.trimmed).toBe(report.sent);
  expect(report.deadLetters).toBe(0);
  expect(report.trimmed).toBeGreaterThan(0);
  expect(report.hash).toBe(report.independent);
  expect(growth).toBeLessThanOrEqual(SOAK_MINUTES >= LONG_MINUTES ? MOST_GROWTH.long : MOST_GROWTH.short);
  expect(report.lag.p99).toBeLessThanOrEqual(MOST_LAG_MS);
  expect(report.walMb).toBeLessThanOrEqual(MOST_WAL_MB);
});

test(`given ${SUSTAINED_MINUTES} min at ${SUSTAINED_RATE} events/s, when they have passed from broker to wall, then nothing is lost`, async () => {
  const report = await soakRun(temporaryDir(), { rate: SUSTAINED_RATE, minutes: SUSTAINED_MINUTES, old: 0, over: 0, say });
  say(`${report.sent} events at ${SUSTAINED_RATE}/s, lag p50 ${report.lag.p50} ms, p99 ${report.lag.p99} ms, most ${report.lag.max} ms; WAL at most ${report.walMb.toFixed(1)} MB`);
  expect(report).toMatchObject({ acknowledged: report.sent, stored: report.sent, deadLetters: 0, hash: report.independent });
  expect(report.walMb).toBeLessThanOrEqual(MOST_WAL_MB);
});
