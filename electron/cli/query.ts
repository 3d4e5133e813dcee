import { Command } from 'commander';
import { openForReading } from '#core/store/open.ts';
import { queryStore } from '#core/store/query.ts';
import { CommandError, EXIT } from './exit.ts';
import { collect, openedStore, parseScope, parseTime, siteId, withStore, type StoreFlags } from './store-options.ts';

interface QueryFlags extends StoreFlags {
  from?: string;
  to?: string;
  scope: string[];
  json?: boolean;
}

/** `vigil query METRIC --data DIR`: one metric over a window of the log. */
export const queryCommand = withStore(new Command('query'))
  .description('answer one metric over a range of event time; without --from / --to over the whole log')
  .argument('<metric>', 'metric id, for example lab.turnaround')
  .option('--from <time>', 'ISO 8601 time, inclusive')
  .option('--to <time>', 'ISO 8601 time, exclusive; gauges speak of this moment')
  .option('--scope <key=value>', 'narrow the metric; may be repeated', collect, [])
  .option('--json', 'answer as one JSON object (the default)')
  .addHelpText('after', '\nExit codes: 0 answered (null with a reason when unknown), 1 failed, 2 usage, also a metric or scope that does not exist.')
  .action((metric: string, flags: QueryFlags) => {
    const db = openForReading(openedStore(flags).log);
    try {
      const window: { from?: number; to?: number } = { ...(flags.from ? { from: parseTime(flags.from) } : {}), ...(flags.to ? { to: parseTime(flags.to) } : {}) };
      if (window.from !== undefined && window.to !== undefined && window.from > window.to) throw new CommandError('--from is after --to', EXIT.usage);
      const scope = parseScope(flags.scope);
      // One transaction: a core that writes meanwhile must not change the answer between two reads.
      const result = db.transaction(() => queryStore(db, siteId(flags), { metric, scope, ...window }))();
      process.stdout.write(`${JSON.stringify(result)}\n`);
    } finally {
      db.close();
    }
  });
