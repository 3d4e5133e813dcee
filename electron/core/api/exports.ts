import { cancelFile, EXPORT_MEDIA, exportAudit, exportBeds, exportBottlenecks, exportConfigHistory, exportEvents, exportKpiTrend, exportLatest, exportLetters, exportMetrics, exportOccupancyTrends, exportSeries, exportSnapshots, exportSources, exportTokens, exportUnitPerformance, exportUsers, getFileProgress, takeFile, type ExportFormat } from '#shared/api/exports.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { AccessThread } from '../access/access-thread.ts';
import { BOTTLENECKS, KPI_TREND, OCCUPANCY, PERFORMANCE } from '../exports/analytics.ts';
import type { ExportAsked } from '../exports/asked.ts';
import { auditPage, type AuditAsked } from '../exports/audit.ts';
import { exportFile, type AskPage } from '../exports/file.ts';
import { siteTimes } from '../exports/site-times.ts';
import { METRICS, TOKENS, USERS, wholePage, type WholeList } from '../exports/whole.ts';
import { BadQuery, type ReaderThread } from '../store/reader-thread.ts';
import { askAccess } from './access.ts';
import type { Analytics } from './analytics.ts';
import { Problem } from './problem.ts';
import { route, type Caller, type Route } from './routes.ts';
import { catalogue } from './snapshots.ts';
import type { MadeFile, WaitingFiles } from './waiting-files.ts';

interface Shape {
  readonly format?: ExportFormat | undefined;
  readonly bom?: 'true' | 'false' | undefined;
}

export interface ExportParts {
  readonly reader: Pick<ReaderThread, 'ask'>;
  readonly access: Pick<AccessThread, 'call'>;
  readonly analytics: Analytics;
  readonly files: WaitingFiles;
  /** The site document in force. */
  readonly site: () => SiteConfig;
}

type Said = Readonly<Record<string, string | number | undefined>>;

/** What the trail is to hold of an export: which part of which list left, and as what. */
const noted = (said: Said): Record<string, string | number> => Object.fromEntries(Object.entries(said).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

function send(reply: Caller['reply'], { name, media, bytes }: MadeFile): string {
  reply.type(media).headers({ 'content-disposition': `attachment; filename="${name}"`, 'cache-control': 'no-store' });
  // What is sent is a stream of the described bytes.
  return bytes as unknown as string;
}

const NO_FILE = 'There is no such file here: it was fetched already, ended, or waited for longer than a minute. Have it made again.';

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Problem(404, NO_FILE);
  return value;
}

/** Lists and trends as files. A client that goes away ends the reading. */
export function exportRoutes({ reader, access, analytics, files, site }: ExportParts): Route[] {
  const sent = async <A extends object>(name: string, asked: A, { format, bom }: Shape, { reply, note }: Caller, ask: AskPage<A>) => {
    const kind = format ?? (reply.request.headers.accept?.includes(EXPORT_MEDIA.xlsx) ? 'xlsx' : 'csv');
    note(noted({ ...(asked as Said), format: kind }));
    const stream = await exportFile({ asked, format: kind, bom: bom === 'true' }, ask).catch((error: unknown) => {
      throw error instanceof BadQuery ? new Problem(400, error.message) : error;
    });
    return send(reply, { name: `vigil-${name.replaceAll(/[^\w.-]/g, '_')}.${kind}`, media: EXPORT_MEDIA[kind], bytes: stream });
  };
  const file = (name: string, asked: ExportAsked, shape: Shape, caller: Caller) => sent(name, asked, shape, caller, (page) => reader.ask('export-page', page));
  const trail = (asked: AuditAsked, shape: Shape, caller: Caller) => {
    const times = siteTimes(site().timezone);
    return sent('audit', asked, shape, caller, (page) => auditPage((query) => access.call('listAudit', query), page, times));
  };
  const whole = <T>(name: string, list: WholeList<T>, read: () => Promise<readonly T[]> | readonly T[], shape: Shape, caller: Caller, asked: object = {}) =>
    sent(name, { list: name, ...asked }, shape, caller, async ({ format }) => wholePage(list, await read(), format, siteTimes(site().timezone)));
  const ask = askAccess(access);
  return [
    route(exportEvents, ({ query: { from, to, ...shape } }, caller) => file('events', { list: 'events', from, to }, shape, caller)),
    route(exportLetters, ({ query: { from, to, ...shape } }, caller) => file('dead-letters', { list: 'dead-letters', from, to }, shape, caller)),
    route(exportSources, ({ query }, caller) => file('sources', { list: 'sources' }, query, caller)),
    route(exportBeds, ({ query }, caller) => file('beds', { list: 'beds' }, query, caller)),
    route(exportSnapshots, ({ params: { family }, query: { from, to, ...shape } }, caller) => file(family, { list: 'snapshots', family, from, to }, shape, caller)),
    route(exportAudit, ({ query: { format, bom, ...asked } }, caller) => trail(asked, { format, bom }, caller)),
    route(exportLatest, ({ params: { family }, query }, caller) => file(`latest-${family}`, { list: 'latest', family }, query, caller)),
    route(exportConfigHistory, ({ query: { from, to, ...shape } }, caller) => file('config-history', { list: 'config-history', from, to }, shape, caller)),
    route(exportMetrics, ({ query }, caller) => whole('metrics', METRICS, () => catalogue(site()), query, caller)),
    route(exportUsers, ({ query }, caller) => whole('users', USERS, () => ask('listUsers'), query, caller)),
    route(exportTokens, ({ query }, caller) => whole('tokens', TOKENS, () => ask('listTokens'), query, caller)),
    route(exportSeries, ({ params: { metric }, query: { from, to, step, ...shape } }, caller) => file(`${metric}-${step}`, { list: 'series', metric, step, from, to }, shape, caller)),
    route(exportKpiTrend, ({ params, query: { format, bom, ...query } }, caller) => whole(`trend-${params.metric}`, KPI_TREND, async () => [await analytics.kpiTrend({ params, query })], { format, bom }, caller, query)),
    route(exportOccupancyTrends, ({ query: { format, bom, ...query } }, caller) => whole('occupancy', OCCUPANCY, async () => [await analytics.occupancy({ query })], { format, bom }, caller, query)),
    route(exportUnitPerformance, ({ query: { format, bom, ...query } }, caller) => whole('unit-performance', PERFORMANCE, async () => [await analytics.units({ query })], { format, bom }, caller, query)),
    route(exportBottlenecks, ({ query: { format, bom, ...query } }, caller) => whole('bottlenecks', BOTTLENECKS, async () => [await analytics.bottlenecks({ query })], { format, bom }, caller, query)),
    route(takeFile, ({ params: { file } }, { reply }) => send(reply, found(files.take(file)))),
    route(getFileProgress, ({ params: { file } }) => found(files.progress(file))),
    route(cancelFile, ({ params: { file } }) => void found(files.cancel(file) || undefined)),
  ];
}
