import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isDistribution, type Scope } from '#shared/metrics/result.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { queryStore } from '#core/store/query.ts';
import { temporaryDir } from '../fixtures/stores.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { until } from '../rig/until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REAL_DAY = join(ROOT, 'resources/samples/real-day');
/** The replay ends here and holds, so that what is painted can be asked again at leisure. */
const NOON = Date.parse('2026-01-14T17:00:00Z');
const BOARDS = ['overview', 'floorplan', 'or'];

interface Painted {
  metric: string;
  scope: Scope;
  figure: string;
  value: number | null;
  from?: number;
  to?: number;
  at: number;
}

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env['VIGIL_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(() => browser.close());

/** The bundled day up to noon, in a directory of its own. */
function morning(dir: string): string {
  mkdirSync(dir, { recursive: true });
  for (const part of readdirSync(REAL_DAY, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ndjson.gz'))) {
    const lines = gunzipSync(readFileSync(join(REAL_DAY, part))).toString().split('\n');
    const kept = lines.filter((line) => line && Date.parse((JSON.parse(line) as { time: string }).time) <= NOON);
    writeFileSync(join(dir, part.replaceAll('/', '-')), gzipSync(kept.join('\n')));
  }
  return dir;
}

const paintedOn = (page: Page): Promise<Painted[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-metric]')].map(({ dataset }) => ({
      metric: dataset['metric']!,
      scope: JSON.parse(dataset['scope'] ?? '{}') as Record<string, string>,
      figure: dataset['figure'] ?? 'value',
      value: dataset['value'] === undefined || dataset['value'] === '' ? null : Number(dataset['value']),
      ...(dataset['from'] ? { from: Number(dataset['from']) } : {}),
      ...(dataset['to'] ? { to: Number(dataset['to']) } : {}),
      at: Number(dataset['at']),
    })),
  );

test('given a replay that holds at noon, when three boards are painted, then every number is what the store answers for its moment', async () => {
  const dir = temporaryDir();
  const data = join(dir, 'store');
  const core = new CoreProcess(['--data', data, '--port', '0', '--mqtt-port', '0', '--config', join(ROOT, 'resources/sites/sample.yaml'), '--replay', morning(join(dir, 'morning')), '--begin', '11:30', '--speed', '600x', '--hold']);
  const { wall } = await core.start();
  const painted: Painted[] = [];
  try {
    const health = async () => (await (await fetch(`${wall}/api/v1/ops/health`)).json()) as { eventTime: number; backlog: number };
    await until('noon', async () => (await health()).eventTime >= NOON - 60_000 && (await health()).backlog === 0, 60_000);
    for (const board of BOARDS) {
      const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
      await page.goto(`${wall}/#/${board}`);
      await page.waitForSelector('[data-metric]');
      // Two rounds of the once-a-second pace: what was computed while the last events came is computed again.
      await page.waitForTimeout(2_500);
      painted.push(...(await paintedOn(page)));
      await page.close();
    }
  } finally {
    await core.stop();
  }
  expect(painted.length).toBeGreaterThan(20);
  const db = openForReading(storeFiles(data, DEFAULT_SITE).log);
  try {
    const answers = painted.map(({ metric, scope, figure, from, to, at }) => {
      const window = from === undefined ? { to: at } : { from, to: to! };
      const result = queryStore(db, DEFAULT_SITE, { metric, scope, ...window });
      return { metric, scope, figure, value: isDistribution(result) ? result[figure as 'p50'] : result.value };
    });
    expect(painted.map(({ metric, scope, figure, value }) => ({ metric, scope, figure, value }))).toEqual(answers);
  } finally {
    db.close();
  }
});
