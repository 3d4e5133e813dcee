import { Option, type Command } from 'commander';
import { EXPORT_FORMATS, SERIES_STEPS, type ExportFormat } from '#shared/api/exports.ts';
import type { ExportAsked } from '#core/exports/asked.ts';
import { CommandError, EXIT } from './exit.ts';
import { parseTime } from './store-options.ts';

export interface ListFlags {
  format: ExportFormat;
  bom?: boolean;
  from?: string;
  to?: string;
  step: (typeof SERIES_STEPS)[number];
}

/** Lists of the log, and those that the access file holds. */
export type Asked = ExportAsked | { readonly list: 'users' } | { readonly list: 'tokens' };

/** Operation of the API that gives the same list: what the audit trail calls it. */
export const OPERATION: Readonly<Record<Asked['list'], string>> = {
  events: 'exportEvents', 'dead-letters': 'exportLetters', sources: 'exportSources', beds: 'exportBeds', latest: 'exportLatest', snapshots: 'exportSnapshots', series: 'exportSeries', 'config-history': 'exportConfigHistory',
  users: 'exportUsers', tokens: 'exportTokens',
};

export const LISTS = 'events, dead-letters, sources, beds, latest/FAMILY, snapshots/FAMILY, series/METRIC, config-history, users or tokens';

export const withListFlags = (command: Command): Command =>
  command
    .addOption(new Option('--format <format>', 'kind of file').choices(EXPORT_FORMATS).default('csv'))
    .option('--bom', 'begin a CSV with the mark by which Excel knows UTF-8')
    .option('--from <time>', 'ISO 8601 time, inclusive')
    .option('--to <time>', 'ISO 8601 time, exclusive')
    .addOption(new Option('--step <step>', 'width of a bucket of a series').choices(SERIES_STEPS).default('1h'));

function range({ from, to }: ListFlags): { from?: number; to?: number } {
  const span = { ...(from === undefined ? {} : { from: parseTime(from) }), ...(to === undefined ? {} : { to: parseTime(to) }) };
  if (span.from !== undefined && span.to !== undefined && span.from > span.to) throw new CommandError('--from is after --to', EXIT.usage);
  return span;
}

/** The list of a name such as `events` or `snapshots/kpi`. */
export function askedList(name: string, flags: ListFlags): Asked {
  const [list, of, ...more] = name.split('/') as [string, string | undefined];
  const span = range(flags);
  if (more.length === 0 && of === undefined) {
    if (list === 'events' || list === 'dead-letters' || list === 'config-history') return { list, ...span };
    if (list === 'sources' || list === 'beds' || list === 'users' || list === 'tokens') return { list };
  } else if (more.length === 0 && of) {
    if (list === 'latest') return { list, family: of };
    if (list === 'snapshots') return { list, family: of, ...span };
    if (list === 'series') return { list, metric: of, step: flags.step, ...span };
  }
  throw new CommandError(`there is no list ${name}; there are ${LISTS}`, EXIT.usage);
}

/** What an operation of a running core is asked for the same. */
export function asQuery(name: string, flags: ListFlags): string {
  const { from, to } = range(flags);
  const said = { format: flags.format, bom: flags.bom ? 'true' : undefined, from: iso(from), to: iso(to), step: name.startsWith('series/') ? flags.step : undefined };
  return `/exports/${name.split('/').map(encodeURIComponent).join('/')}?${new URLSearchParams(Object.entries(said).filter((pair): pair is [string, string] => pair[1] !== undefined))}`;
}

const iso = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());
