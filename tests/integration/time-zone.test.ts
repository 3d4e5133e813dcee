import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadEvent } from '../fixtures/load-events.ts';
import { temporaryDir } from '../fixtures/stores.ts';
import { vigilCommand } from '../rig/core-process.ts';

test('given one file of events, when it is loaded in different time zones, then the state hash is one', () => {
  const dir = temporaryDir();
  const file = join(dir, 'events.ndjson');
  const start = Date.parse('2026-03-29T00:30:00Z');
  writeFileSync(file, Array.from({ length: 500 }, (_, i) => JSON.stringify(loadEvent(i, start + i * 30_000))).join('\n'));
  const vigil = (zone: string, ...args: string[]) => execFileSync(process.execPath, [vigilCommand(), ...args], { env: { ...process.env, TZ: zone }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const hashes = ['UTC', 'Europe/Amsterdam', 'Pacific/Auckland'].map((zone) => {
    const data = join(dir, zone.replace('/', '-'));
    vigil(zone, 'load', file, '--data', data);
    return vigil(zone, 'state', '--data', data, '--hash');
  });
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}\n$/);
  expect(new Set(hashes).size).toBe(1);
});
