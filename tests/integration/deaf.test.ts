import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import type { ToCore } from '#shared/link/messages.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { deafPage, deafReader, type Close } from '../rig/deaf.ts';
import { LinkSocket } from '../rig/link-socket.ts';
import { rssMb } from '../rig/memory.ts';
import { Station } from '../rig/station.ts';
import { SteadyPublisher } from '../rig/steady-publisher.ts';
import { until } from '../rig/until.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const ROOMS = 40;
const CASES = 2_400;
/** Of each kind of who does not read. */
const EACH = 40;
/** Questions that each of them puts, all without reading. */
const ASKS = 400;
/** What all of them together may cost, in MB: of what waits 64, the rest is what making it leaves to be collected. Unbounded they cost 3,256 in twenty seconds. */
const BOUND_MB = 600;
const SECONDS = 10;

/** One step of a list of operations: each case is booked, and then again and again for another minute. */
const booked = (i: number, time: number) =>
  envelope('or.case-scheduled', time, { case: `C${i % CASES}`, room: `OR${(i % CASES) % ROOMS}`, scheduledStart: new Date(time - (time % 86_400_000) + ((i * 7) % 1_440) * 60_000).toISOString(), scheduledMinutes: 60, service: 'General surgery', procedure: `Procedure with a long name, number ${i % 500}` }, { id: `c${i}`, sequence: i });

/** A wall that reads what it is told and says so. */
async function healthyWall(wall: string) {
  const socket = await LinkSocket.open(wall);
  ends.push(() => socket.close());
  const seen = { patches: 0, bytes: 0 };
  socket.listen((message) => {
    if (message.t !== 'snapshot' && message.t !== 'patch') return;
    seen.patches += Number(message.t === 'patch');
    if (message.t === 'snapshot') seen.bytes = JSON.stringify(message).length;
    socket.send({ t: 'ack', sub: message.sub, revision: message.revision });
  });
  socket.greet();
  socket.send({ t: 'subscribe', sub: 1, view: 'or' });
  return seen;
}

test('given pages, streams, lists and exports that nobody reads beside a healthy wall, when they ask for ever more, then memory stays bounded, the wall is told what changes, and health answers', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
  ends.push(() => rmSync(dir, { recursive: true, force: true }));
  const config = join(dir, 'site.yaml');
  writeFileSync(config, JSON.stringify({ or: { rooms: Array.from({ length: ROOMS }, (_, i) => ({ id: `OR${i}` })) } }));
  const here = await Station.start('embedded', dir, { flags: ['--config', config] });
  ends.push(() => here.stop());
  const publisher = await SteadyPublisher.connect(here.broker);
  ends.push(() => publisher.close());
  await publisher.send(4 * CASES, 4_000, booked);
  await until('all cases', () => publisher.acknowledged.size === publisher.sent.length);
  const wall = await healthyWall(here.wall);
  await until('the wall to be told', () => wall.bytes > 0);
  let going = true;
  ends.push(() => (going = false));
  void (async () => {
    while (going) await publisher.send(50, 100, booked);
  })();
  // What runs at all has run: code, caches, threads.
  const token = readLocalToken(storeFiles(here.data, DEFAULT_SITE).token)!;
  for (let n = 0; n < 4; n++) for (const path of ['/log?limit=2000', '/exports/events?format=csv', '/openapi.json', '/or-status']) await (await here.ask('GET', path)).arrayBuffer();
  await sleep(3_000);
  const before = rssMb(here.pid);

  const again = Array.from({ length: ASKS }, (_, n): ToCore => ({ t: 'subscribe', sub: n % 16, view: 'or' }));
  const commands = Array.from({ length: ASKS }, (_, id): ToCore => ({ t: 'command', id, name: 'getOrStatus', args: {} }));
  const times = (path: string) => Array.from({ length: 20 }, () => path);
  const deaf: Close[] = [];
  ends.push(() => deaf.forEach((close) => close()));
  for (let n = 0; n < EACH; n++) {
    deaf.push(await deafPage(here.wall, again), await deafPage(here.wall, commands));
    deaf.push(await deafReader(here.wall, ['/views/or/events']), await deafReader(here.wall, times('/log?limit=2000'), token), await deafReader(here.wall, times('/exports/events?format=csv'), token));
  }
  let most = before;
  const patches = wall.patches;
  for (let n = 0; n < SECONDS * 10; n++) {
    await sleep(100);
    most = Math.max(most, rssMb(here.pid));
  }
  console.log(`a snapshot of ${(wall.bytes / 1e3).toFixed(0)} kB; ${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most; ${wall.patches - patches} patches`);
  expect(wall.patches - patches).toBeGreaterThan(SECONDS);
  expect((await here.health())['store']).toBe('ok');
  expect(most - before).toBeLessThan(BOUND_MB);
}, 240_000);
