import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DesktopApp } from '../rig/desktop-app.ts';
import { until } from '../rig/until.ts';
import { XServer } from '../rig/x-server.ts';

/** Pictures of the three boards as the desktop app shows them on displays of 1920 x 1080: of the demo hospital, or of the bundled day. */
const { values } = parseArgs({
  options: { replay: { type: 'string' }, scenario: { type: 'string' }, begin: { type: 'string', default: '13:00' }, out: { type: 'string', default: fileURLToPath(new URL('../../docs/screens', import.meta.url)) } },
});
const SAMPLE = fileURLToPath(new URL('../../resources/sites/sample.yaml', import.meta.url));
/** One day for all, so that pictures of two versions can be laid beside each other. */
const DEMO = ['--demo', '--day', '2026-03-03', ...(values.scenario === undefined ? [] : ['--scenario', values.scenario])];
const core = values.replay === undefined ? DEMO : ['--config', SAMPLE, '--replay', values.replay];
const BOARDS = ['overview', 'floorplan', 'or'];
/** The once-a-second pace has come by twice: trends and distributions stand beside what frames paint at once. */
const SETTLED_MS = 2_500;

const x = await XServer.start(BOARDS.length);
try {
  const app = await DesktopApp.start({ display: x.display, core: [...core, '--begin', values.begin, '--speed', '1'] });
  try {
    mkdirSync(values.out, { recursive: true });
    for (const board of BOARDS) {
      const page = await app.page(board);
      await until(`${board} to paint`, () => page.evaluate(() => document.documentElement.dataset['paintedRevision'] !== undefined), 60_000);
      await page.evaluate(() => document.fonts.ready);
      await sleep(SETTLED_MS);
      const path = join(values.out, `${board}.png`);
      await page.screenshot({ path });
      process.stdout.write(`${path}  ${Math.ceil(statSync(path).size / 1024)} kB\n`);
    }
  } finally {
    await app.stop();
  }
} finally {
  await x.stop();
}
