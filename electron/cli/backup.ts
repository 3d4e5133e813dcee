import { join } from 'node:path';
import { Command } from 'commander';
import { backup } from '#core/store/backup.ts';
import { CommandError } from './exit.ts';
import { progress } from './progress.ts';
import { openedStore, siteId, withStore, type StoreFlags } from './store-options.ts';

const HELP = `
Without TARGET it goes to DIR/backups/TIME, where a core looks for the newest one when its store is damaged.
A core may run meanwhile. Ctrl-C stops it and leaves nothing behind. The site key is not in it: keep that elsewhere.

Exit codes: 0 done, 1 failed or stopped, 2 usage.`;

/** `vigil backup [TARGET] --data DIR`: log and vault as of one moment, also beside a running core. */
export const backupCommand = withStore(new Command('backup'))
  .description('copy a store, log and vault of one moment, into a new directory, also while a core writes to it')
  .argument('[target]', 'directory to make')
  .option('--json', 'answer as JSON')
  .addHelpText('after', HELP)
  .action(async (target: string | undefined, flags: StoreFlags & { json?: boolean }) => {
    openedStore(flags);
    const now = Date.now();
    const to = target ?? join(flags.data, 'backups', new Date(now).toISOString().replaceAll(':', '-'));
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new CommandError('stopped; no backup was made')));
    const bar = progress('backup, bytes');
    const manifest = await backup(flags.data, siteId(flags), to, now, { progress: (done, total) => bar.at(done, total), signal: stop.signal });
    bar.done(to);
    process.stdout.write(flags.json ? `${JSON.stringify({ target: to, ...manifest })}\n` : `${to}\n${manifest.events} events, state ${manifest.stateHash}\n`);
  });
