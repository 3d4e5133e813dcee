import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { attachLink } from '#core/api/link-socket.ts';
import { House } from '#core/domain/house.ts';
import { Hub } from '#core/link/hub.ts';
import { View } from '#core/views/view.ts';
import { LINK_VERSION } from '#shared/link/messages.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { until } from '../../rig/until.ts';
import { contextOf } from '../views/world.ts';

const MB = 1024 * 1024;
/** Of what waits, where a page is told nothing more, and one message beyond it. */
const FULL = 256 * 1024;

/** A page at a hub that shows one view of `bytes`, answers commands with as many, and where it stands; greeted. */
async function linked(bytes: number) {
  const world = { text: 'x'.repeat(bytes) };
  const large = new View('large', [{ prefix: '', ids: () => ['a'], item: () => ({ text: world.text }), touched: () => 'all' }]);
  const house = new House(siteConfigSchema.parse({ tenant: 'local', site: 'main' }));
  let time = 0;
  const hub = new Hub(new Map([['large', large]]), () => contextOf(house, 0), () => time);
  hub.serve(() => ({ run: async () => ({ ok: true, value: world.text }), close: () => {} }));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const page = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`);
  onTestFinished(() => page.terminate());
  const [core] = (await once(server, 'connection')) as [WebSocket];
  attachLink(core, hub, '127.0.0.1');
  if (page.readyState !== WebSocket.OPEN) await once(page, 'open');
  const heard: { t: string; revision?: number; items?: { a: { text: string } }; set?: { a: { text: string } } }[] = [];
  page.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as never));
  const say = (message: object) => page.send(JSON.stringify(message));
  say({ t: 'hello', versions: [LINK_VERSION], role: 'wall' });
  await until('the greeting to be read', () => heard.length === 1);
  const change = (text: string) => {
    world.text = text;
    time++;
    hub.recompute();
  };
  return { page, core, hub, heard, say, change };
}

test('given a page that asks and does not read, when much waits for it, then it is not listened to until it has read, and then answered each', async () => {
  const { page, core, heard, say } = await linked(2 * MB);
  page.pause();
  let asked = 0;
  await until('the core to stop listening', () => {
    if (asked < 12) say({ t: 'subscribe', sub: 1, view: 'large' });
    asked = Math.min(12, asked + 1);
    return core.isPaused;
  });
  expect(core.bufferedAmount).toBeLessThan(FULL + 3 * MB);
  page.resume();
  await until('every answer', () => heard.filter(({ t }) => t === 'snapshot').length === asked);
  expect([core.isPaused, core.readyState]).toEqual([false, WebSocket.OPEN]);
});

test('given a page that paints and does not read on, when what it shows changes again and again, then nothing is kept for it, and it gets the newest state once it reads', async () => {
  const { page, core, heard, say, change } = await linked(8 * MB);
  page.pause();
  say({ t: 'subscribe', sub: 1, view: 'large' });
  await until('the snapshot to wait', () => core.bufferedAmount > FULL);
  const waits = core.bufferedAmount;
  for (let n = 0; n < 20; n++) change(`${n}${'x'.repeat(4 * MB)}`);
  expect(core.bufferedAmount).toBeLessThanOrEqual(waits);
  page.resume();
  await until('the newest state', () => heard.at(-1)?.set?.a.text.startsWith('19x') === true);
  expect(heard.slice(1).map(({ t, revision }) => [t, revision])).toEqual([['snapshot', 1], ['patch', 2]]);
});

test('given a page that asks for more answers than may wait, when it reads none, then the link ends, and says why', async () => {
  const { page, core, say } = await linked(8 * MB);
  const closed = once(page, 'close') as Promise<[number, Buffer]>;
  page.pause();
  for (let id = 0; id < 8; id++) say({ t: 'command', id, name: 'any', args: {} });
  await until('the core to end it', () => core.readyState !== WebSocket.OPEN);
  expect(core.bufferedAmount).toBeLessThan(24 * MB);
  page.resume();
  const [code, reason] = await closed;
  expect([code, reason.toString()]).toEqual([1008, 'what was asked for is not read']);
});

test('given a page that pings and does not read, when it goes on, then it is not answered beyond what may wait', async () => {
  const { page, core } = await linked(1);
  page.pause();
  let most = 0;
  for (let n = 0; n < 200; n++) {
    for (let i = 0; i < 1_000; i++) page.ping(Buffer.alloc(125));
    await new Promise((resolve) => page.pong('', undefined, resolve));
    most = Math.max(most, core.bufferedAmount);
  }
  expect(most).toBeLessThan(FULL + 1_000);
  page.resume();
  let last = '';
  page.on('pong', (data: Buffer) => (last = data.toString()));
  await until('all to be read', () => core.bufferedAmount === 0);
  page.ping('last');
  await until('an answer to the last', () => last === 'last');
});
