import { Command } from 'commander';
import { rebuildInThreads } from '#core/store/rebuild.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { currentEntities, hashState } from '#core/store/state.ts';
import { CommandError } from './exit.ts';
import { progress } from './progress.ts';
import { openedStore, siteId, withStore, type StoreFlags } from './store-options.ts';

/** `vigil rebuild --data DIR`: folds every projection anew and says whether the state is the one that stood there. */
export const rebuildCommand = withStore(new Command('rebuild'))
  .description('fold all projections anew from baseline and log, and compare the state hash with the one before')
  .option('--key-file <file>', 'secret of the site')
  .option('--json', 'answer as JSON')
  .addHelpText('after', '\nExit codes: 0 the state is the same, 1 failed or different, 2 usage.')
  .action(async (flags: StoreFlags & { keyFile?: string; json?: boolean }) => {
    openedStore(flags);
    const store = openSiteStore({ dataDir: flags.data, id: siteId(flags), keyFile: flags.keyFile, withVault: false });
    try {
      const before = hashState(currentEntities(store.db));
      const bar = progress('rebuild');
      const events = await rebuildInThreads(store.db, (done) => bar.at(done));
      bar.done(`${events.toLocaleString('en')} events`);
      const after = hashState(currentEntities(store.db));
      const answer = { events, hash: after, before, same: before === after };
      process.stdout.write(flags.json ? `${JSON.stringify(answer)}\n` : `${after}\n`);
      if (!answer.same) throw new CommandError(`The rebuilt state differs from the one before (${before}): the projections had drifted and are now right.`);
    } finally {
      store.close();
    }
  });
