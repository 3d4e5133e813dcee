import { Command } from 'commander';
import type { FromCore } from '#shared/link/messages.ts';
import type { Hub } from './link/hub.ts';
import { withServeFlags, type ServeFlags } from './options.ts';
import { spawnWriter } from './store/spawn-writer.ts';

/** The part of Electron's MessagePortMain that the core uses; `core/` does not import electron. */
interface PagePort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: unknown): void;
  start(): void;
}
interface ShellPort {
  on(event: 'message', listener: (event: { data: unknown; ports: PagePort[] }) => void): void;
  postMessage(message: unknown): void;
}

/** Exit code by which the core asks its supervisor to be started anew: a replay came to its end. */
const RESTART = 75;

const shell = (process as unknown as { parentPort: ShellPort }).parentPort;
const log = (line: string) => process.stderr.write(`vigil core: ${line}\n`);

/** The core in the desktop's utility process: the shell hands it one port a window. */
async function main(): Promise<void> {
  // Two threads load beside each other: walls wait for both.
  const writer = spawnWriter();
  const flags = withServeFlags(new Command('core')).parse(process.argv).opts<ServeFlags>();
  const waiting: PagePort[] = [];
  let attach = (port: PagePort): void => void waiting.push(port);
  shell.on('message', ({ ports }) => ports.forEach((port) => attach(port)));
  const { startCore } = await import('./start.ts');
  const viewable = (hub: Hub) => {
    attach = (port) => {
      const session = hub.open((message: FromCore) => port.postMessage(message));
      port.on('message', ({ data }) => session.receive(data));
      port.on('close', () => session.close());
      port.start();
    };
    waiting.forEach(attach);
  };
  const core = await startCore(flags, log, { viewable, writer });
  shell.postMessage({ t: 'ready', wall: core.wall, mqtt: core.mqtt });
  process.once('SIGTERM', () => void core.close().then(() => process.exit(0)));
  await core.ended;
  await core.close();
  process.exit(RESTART);
}

main().catch((error: unknown) => {
  const { message } = error as Error;
  log(message);
  shell.postMessage({ t: 'failed', message });
  process.exit(1);
});
