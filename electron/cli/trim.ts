import { Command } from 'commander';
import { openSiteStore } from '#core/store/site-store.ts';
import { trim } from '#core/store/trim.ts';
import { progress } from './progress.ts';
import { openedStore, parseTime, siteId, withStore, type StoreFlags } from './store-options.ts';

/** `vigil trim --before TIME --data DIR`: forgets old events behind a baseline. */
export const trimCommand = withStore(new Command('trim'))
  .description('write a baseline and forget the events up to and including a time')
  .requiredOption('--before <time>', 'ISO 8601 time; events up to and including it are forgotten')
  .option('--key-file <file>', 'secret of the site')
  .option('--json', 'answer as JSON')
  .addHelpText('after', '\nWorks in small steps; when it is stopped, the same command goes on where it was.')
  .action((flags: StoreFlags & { before: string; keyFile?: string; json?: boolean }) => {
    openedStore(flags);
    const store = openSiteStore({ dataDir: flags.data, id: siteId(flags), keyFile: flags.keyFile, withVault: false });
    try {
      const bar = progress('trim');
      const trimmed = trim(store.db, parseTime(flags.before), Date.now(), (done) => bar.at(done));
      bar.done(`${trimmed.toLocaleString('en')} events`);
      process.stdout.write(flags.json ? `${JSON.stringify({ trimmed })}\n` : `${trimmed} events are behind the baseline\n`);
    } finally {
      store.close();
    }
  });
