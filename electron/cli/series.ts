import { Command, Option } from 'commander';
import { openForReading } from '#core/store/open.ts';
import { newestEventTime } from '#core/store/read-house.ts';
import { series, SERIES_STEPS, type SeriesStep } from '#core/store/series.ts';
import { storedSiteConfig } from '#core/store/site-config.ts';
import { CommandError, EXIT } from './exit.ts';
import { collect, openedStore, parseScope, parseTime, siteId, withStore, type StoreFlags } from './store-options.ts';

const DAY = 86_400_000;

interface SeriesFlags extends StoreFlags {
  from?: string;
  to?: string;
  step?: SeriesStep;
  scope: string[];
  json?: boolean;
}

/** `vigil series METRIC --data DIR`: the course of a metric as it was sampled. */
export const seriesCommand = withStore(new Command('series'))
  .description('print the course of a metric as it was sampled, from raw samples or rollups')
  .argument('<metric>', 'metric id, for example beds.occupancy_rate')
  .option('--from <time>', 'ISO 8601 time, inclusive; a day before --to if not given')
  .option('--to <time>', 'ISO 8601 time, exclusive; just after the newest event if not given')
  .addOption(new Option('--step <step>', 'width of a bucket; hours and days are the site\'s; the finest that fits if not given').choices(SERIES_STEPS))
  .option('--scope <key=value>', 'narrow the metric; may be repeated', collect, [])
  .option('--json', 'answer as one JSON object (the default)')
  .addHelpText('after', '\nTimes in the answer are epoch ms. Exit codes: 0 answered (no points with a reason when never sampled), 1 failed, 2 usage, also a metric that does not exist.')
  .action((metric: string, flags: SeriesFlags) => {
    const db = openForReading(openedStore(flags).log);
    try {
      const to = flags.to === undefined ? (newestEventTime(db) ?? 0) + 1 : parseTime(flags.to);
      const from = flags.from === undefined ? to - DAY : parseTime(flags.from);
      if (from > to) throw new CommandError('--from is after --to', EXIT.usage);
      const { timezone } = storedSiteConfig(db, siteId(flags));
      const answer = db.transaction(() => series(db, timezone, { metric, scope: parseScope(flags.scope), from, to, ...(flags.step === undefined ? {} : { step: flags.step }) }))();
      process.stdout.write(`${JSON.stringify(answer)}\n`);
    } catch (error) {
      if (error instanceof RangeError) throw new CommandError(error.message, EXIT.usage);
      throw error;
    } finally {
      db.close();
    }
  });
