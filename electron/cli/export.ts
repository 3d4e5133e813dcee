import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { EXPORT_FORMATS, SERIES_STEPS, type ExportFormat } from '#shared/api/exports.ts';
import { SNAPSHOT_FAMILIES } from '#shared/snapshots/families.ts';
import type { ExportAsked } from '#core/exports/asked.ts';
import { exportFile } from '#core/exports/file.ts';
import { exportPage } from '#core/exports/page.ts';
import { openForReading } from '#core/store/open.ts';
import { CommandError, EXIT } from './exit.ts';
import { progress } from './progress.ts';
import { openedStore, parseTime, siteId, withStore, type StoreFlags } from './store-options.ts';

interface ExportFlags extends StoreFlags {
  format: ExportFormat;
  out?: string;
  bom?: boolean;
  from?: string;
  to?: string;
  step: (typeof SERIES_STEPS)[number];
}

const families = SNAPSHOT_FAMILIES.map(({ name }) => name);

/** The list of a name: `events`, `dead-letters`, `sources`, `beds`, `snapshots/FAMILY`, `series/METRIC`. */
function asked(name: string, { from, to, step }: ExportFlags): ExportAsked {
  const [list, of] = name.split('/') as [string, string | undefined];
  const range = { ...(from === undefined ? {} : { from: parseTime(from) }), ...(to === undefined ? {} : { to: parseTime(to) }) };
  if (range.from !== undefined && range.to !== undefined && range.from > range.to) throw new CommandError('--from is after --to', EXIT.usage);
  if ((list === 'events' || list === 'dead-letters') && of === undefined) return { list, ...range };
  if ((list === 'sources' || list === 'beds') && of === undefined) return { list };
  if (list === 'snapshots' && of) return { list, family: of, ...range };
  if (list === 'series' && of) return { list, metric: of, step, ...range };
  throw new CommandError(`there is no list ${name}; there are events, dead-letters, sources, beds, snapshots/FAMILY and series/METRIC`, EXIT.usage);
}

/** `vigil export LIST --data DIR`: a list or trend as a file for spreadsheets. */
export const exportCommand = withStore(new Command('export'))
  .description('write a list or a trend as CSV or XLSX')
  .argument('<list>', 'events, dead-letters, sources, beds, snapshots/FAMILY or series/METRIC')
  .addOption(new Option('--format <format>', 'kind of file').choices(EXPORT_FORMATS).default('csv'))
  .option('--out <file>', 'where to; standard output unless given')
  .option('--bom', 'begin a CSV with the mark by which Excel knows UTF-8')
  .option('--from <time>', 'ISO 8601 time, inclusive')
  .option('--to <time>', 'ISO 8601 time, exclusive')
  .addOption(new Option('--step <step>', 'width of a bucket of a series').choices(SERIES_STEPS).default('1h'))
  .addHelpText('after', `\nFamilies of snapshots: ${families.join(', ')} (kpi: the history of KPIs).\nReads beside a running core. Exit codes: 0 written, 1 failed, 2 usage, also a metric or family that does not exist.`)
  .action(async (list: string, flags: ExportFlags) => {
    const question = asked(list, flags);
    const db = openForReading(openedStore(flags).log);
    const shown = progress('rows');
    let rows = 0;
    try {
      const stream = await exportFile({ asked: question, format: flags.format, bom: flags.bom === true }, (page) => db.transaction(() => exportPage(db, siteId(flags), page))(), (n) => shown.at((rows = n)));
      if (flags.out === undefined) await pipeline(stream, process.stdout, { end: false });
      else await toFile(stream, flags.out);
      shown.done(`${rows} written`);
    } catch (error) {
      if (error instanceof RangeError) throw new CommandError(error.message, EXIT.usage);
      throw error;
    } finally {
      db.close();
    }
  });

/** Half a file is none: what could not be finished is removed. */
async function toFile(stream: NodeJS.ReadableStream, file: string): Promise<void> {
  try {
    await pipeline(stream, createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}
