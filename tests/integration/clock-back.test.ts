import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { Trouble } from '#shared/sources.ts';
import { topicOf } from '#core/mqtt/publisher.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { temporaryDir } from '../fixtures/stores.ts';
import { Station } from '../rig/station.ts';
import { until } from '../rig/until.ts';
import { WallWatch } from '../rig/wall-watch.ts';

const HOUR_MS = 3_600_000;
const SHIFTED_CLOCK = pathToFileURL(join(import.meta.dirname, '../rig/shifted-clock.mjs')).href;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const named = async (here: Station) => ((await here.health())['troubles'] as Trouble[]).map(({ state }) => state);

describe.each(['mosquitto', 'embedded'] as const)('by %s', (kind) => {
  test('given a running core, when its clock steps back an hour and later forth again, then it is named, what comes by either clock counts at once, and all is well after without a restart', async () => {
    const dir = temporaryDir();
    const shift = join(dir, 'shift');
    const step = (ms: number) => {
      writeFileSync(`${shift}.new`, String(ms));
      renameSync(`${shift}.new`, shift);
    };
    step(0);
    const here = await Station.start(kind, dir, { env: { VIGIL_TEST_SHIFT: shift, NODE_OPTIONS: `--import ${SHIFTED_CLOCK}` } });
    ends.push(() => here.stop());
    const pid = here.pid;
    const client = await here.client();
    const wall = await WallWatch.connect(here.wall, ['frame', 'overview']);
    ends.push(() => wall.close());
    const publish = (id: string, time: number) => {
      const event = envelope('unit.staffing-reported', time, { unit: `U-${id}`, staffedBeds: 1 }, { id });
      return client.publishAsync(topicOf(event)!, JSON.stringify(event), { qos: 1 });
    };
    const stored = () => here.read<{ id: string }>('SELECT id FROM ops_event ORDER BY position').map(({ id }) => id);
    await publish('before', Date.now());
    await until('the first event', () => stored().length === 1);
    expect(await named(here)).toEqual([]);

    step(-HOUR_MS);
    await until('the step to be named', async () => (await named(here)).includes('clock-stepped-back'));
    await publish('by the clock that went back', Date.now() - HOUR_MS);
    await publish('by a clock that is right', Date.now());
    await until('both events', () => stored().length === 3);
    const age = (await (await fetch(`${here.wall}/api/v1/ops/metrics/data.age_seconds`)).json()) as { value: number };
    expect(age.value).toBeGreaterThanOrEqual(0);
    expect(age.value).toBeLessThan(60);

    step(0);
    await until('the step to be over', async () => !(await named(here)).includes('clock-stepped-back'));
    await publish('after', Date.now());
    await until('the last event', () => stored().length === 4);
    expect(await named(here)).toEqual([]);
    expect(await here.health()).toMatchObject({ deadLetters: 0, store: 'ok' });
    expect(here.pid).toBe(pid);
    wall.check();
  });
});
