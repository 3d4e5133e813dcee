import { Command } from 'commander';
import { computeHistory } from '#core/link/history.ts';
import { newestEventTime } from '#core/store/read-house.ts';
import { storedSiteConfig } from '#core/store/site-config.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { CommandError, EXIT } from './exit.ts';
import { progress } from './progress.ts';
import { openedStore, parseTime, siteId, withStore, type StoreFlags } from './store-options.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

interface HistoryFlags extends StoreFlags {
  from?: string;
  to?: string;
  step: string;
  keyFile?: string;
  json?: boolean;
}

/** `vigil history --data DIR`: computes samples, snapshots and KPIs of the past from the log. */
export const historyCommand = withStore(new Command('history'))
  .description('compute samples, rollups, snapshots and KPIs of the past from the log: of what was loaded from a file, or while no core ran')
  .option('--from <time>', 'ISO 8601 time; a day before --to if not given')
  .option('--to <time>', 'ISO 8601 time; the newest event if not given')
  .option('--step <minutes>', 'how far apart snapshots and samples are taken', '5')
  .option('--key-file <file>', 'secret of the site')
  .option('--json', 'answer as one JSON object')
  .addHelpText('after', '\nWhat was interrupted can be run again: it replaces what stands there. Exit codes: 0 done, 1 failed, 2 usage.')
  .action((flags: HistoryFlags) => {
    const step = Number(flags.step);
    if (!(step >= 1)) throw new CommandError('--step: give minutes, 1 or more', EXIT.usage);
    openedStore(flags);
    const store = openSiteStore({ dataDir: flags.data, id: siteId(flags), keyFile: flags.keyFile, withVault: false });
    try {
      const until = flags.to === undefined ? newestEventTime(store.db) : parseTime(flags.to);
      if (until === undefined) throw new CommandError('the store holds no events yet: load some first');
      const from = flags.from === undefined ? until - DAY : parseTime(flags.from);
      if (from > until) throw new CommandError('--from is after --to', EXIT.usage);
      const told = progress('moments of the past');
      let done = 0;
      const total = Math.ceil((until - from) / (step * MINUTE));
      const written = computeHistory(store.db, storedSiteConfig(store.db, siteId(flags)), { from, until, stepMs: step * MINUTE }, () => told.at(++done, total));
      told.done(`${written.moments} moments: ${written.samples} samples, ${written.snapshots} snapshots, ${written.kpis} KPIs`);
      if (flags.json) process.stdout.write(`${JSON.stringify(written)}\n`);
    } finally {
      store.close();
    }
  });
