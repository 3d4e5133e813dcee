import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { ServeFlags } from '#core/options.ts';
import { startCore } from '#core/start.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const flags = (data: string, given: Partial<ServeFlags>): ServeFlags => ({
  broker: 'embedded', data, host: '127.0.0.1', port: 0, publicName: [], mqttPort: 0, tenant: 'local', site: 'main', station: 'test', vault: true, speed: 60, hold: false, ...given,
});

test.each([
  ['the port of the wall is taken', async () => ({ port: await takenPort() }), /Port \d+ is taken/],
  ['the port of the broker is taken', async () => ({ mqttPort: await takenPort() }), /Port \d+ is taken/],
  ['the address is no broker', async () => ({ broker: 'http://127.0.0.1' }), /is not the address of a broker/],
])('given that %s, when a core is started, then it says so and leaves nothing behind', async (_what, given, message) => {
  const data = temporaryDir();
  await expect(startCore(flags(data, await given()), () => undefined)).rejects.toThrow(message);
  openSiteStore({ dataDir: data, id: DEFAULT_SITE, withVault: true }).close();
});

test('given that no flag names a broker and the port of its own is taken, when a core is started, then it serves, says why, and is without one until another is named', async () => {
  const data = temporaryDir();
  const said: string[] = [];
  const { broker: _, ...unsaid } = flags(data, { mqttPort: await takenPort() });
  const core = await startCore(unsaid, (line) => said.push(line));
  onTestFinished(() => core.close());
  expect(said.join('\n')).toMatch(/broker lost: Port \d+ is taken/);
  expect((await fetch(`${core.wall}/api/v1/ops/health`).then((answer) => answer.json() as Promise<{ broker: string }>)).broker).toBe('lost');
});
