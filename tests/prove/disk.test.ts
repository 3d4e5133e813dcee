import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Trouble } from '#shared/sources.ts';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { openForReading } from '#core/store/open.ts';
import { currentEntities, hashState } from '#core/store/state.ts';
import { HospitalTraffic } from '../fixtures/hospital-traffic.ts';
import { StreamFold } from '../fixtures/plain-fold.ts';
import { temporaryDir } from '../fixtures/stores.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { Station } from '../rig/station.ts';
import { until } from '../rig/until.ts';

const DISK_MB = 24;
const MB = 1024 * 1024;
const SETTLE_MS = 120_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A disk of a few megabytes; only root may mount one. */
function smallDisk(dir: string): string {
  if (process.getuid?.() !== 0) throw new Error('this proof mounts a small disk, for which it must run as root');
  const at = join(dir, 'disk');
  mkdirSync(at);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'vigil-proof', at]);
  ends.push(() => execFileSync('umount', ['-l', at]));
  return at;
}

const named = async (here: Station) => ((await here.health())['troubles'] as Trouble[]).map(({ state }) => state);

describe.each(['mosquitto', 'embedded'] as const)('by %s', (kind) => {
  test('given a disk that fills up under a running core, when there is room again, then it was named, nothing acknowledged is lost, and it goes on without a restart', async () => {
    const dir = temporaryDir();
    const disk = smallDisk(dir);
    const here = await Station.start(kind, dir, { data: join(disk, 'data') });
    ends.push(() => here.stop());
    const pid = here.pid;
    const { bavail, bsize } = statfsSync(disk);
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - 3 * MB));

    const publisher = await Publisher.connect(here.broker);
    ends.push(() => publisher.close());
    const traffic = new HospitalTraffic();
    const fold = new StreamFold();
    let sent = 0;
    const acknowledged = new Set<string>();
    const send = () => {
      const event = traffic.next(Date.now());
      const text = JSON.stringify(event);
      fold.add(text);
      sent++;
      return publisher.publish(topicOf(event)!, text, () => acknowledged.add(event.id));
    };
    await until('the disk to be full', async () => {
      for (let i = 0; i < 200; i++) void send();
      return (await named(here)).includes('store-full');
    }, SETTLE_MS);
    for (let i = 0; i < 500; i++) void send();
    // The store can still be read, and holds all that the core itself acknowledged.
    const stored = new Set(here.read<{ id: string }>('SELECT id FROM ops_event').map(({ id }) => id));
    if (kind === 'embedded') expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
    expect(stored.size).toBeLessThan(sent);

    rmSync(ballast);
    await until('the store to take again', async () => (await named(here)).length === 0, SETTLE_MS);
    await until('all to be acknowledged', () => acknowledged.size === sent, SETTLE_MS);
    await until('all to be stored', () => here.read<{ n: number }>('SELECT COUNT(*) AS n FROM ops_event')[0]!.n === sent, SETTLE_MS);
    expect(here.pid).toBe(pid);
    await here.stopCore();
    const db = openForReading(storeFiles(here.data, DEFAULT_SITE).log);
    ends.push(() => db.close());
    expect(hashState(currentEntities(db))).toBe(fold.hash());
  });
});

test('given a disk that is read-only, when a core is to start on it, with or without a store, then it ends and says so', async () => {
  const disk = smallDisk(temporaryDir());
  const core = (data: string) => new CoreProcess(['--data', join(disk, data), '--port', '0', '--mqtt-port', '0']);
  const first = core('known');
  await first.start();
  await first.stop();
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  for (const data of ['known', 'new/er']) await expect(core(data).start(), data).rejects.toThrow(new RegExp(`${data}.*read-only`, 'i'));
});
