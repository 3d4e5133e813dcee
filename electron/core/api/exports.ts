import type { Readable } from 'node:stream';
import { EXPORT_MEDIA, exportAudit, exportBeds, exportEvents, exportLetters, exportSeries, exportSnapshots, exportSources, type ExportFormat } from '#shared/api/exports.ts';
import type { AccessThread } from '../access/access-thread.ts';
import type { ExportAsked } from '../exports/asked.ts';
import { auditPage, type AuditAsked } from '../exports/audit.ts';
import { exportFile, type AskPage } from '../exports/file.ts';
import { siteTimes } from '../exports/site-times.ts';
import { BadQuery, type ReaderThread } from '../store/reader-thread.ts';
import { Problem } from './problem.ts';
import { route, type Caller, type Route } from './routes.ts';

interface Shape {
  readonly format?: ExportFormat | undefined;
  readonly bom?: 'true' | 'false' | undefined;
}

export interface ExportParts {
  readonly reader: Pick<ReaderThread, 'ask'>;
  readonly access: Pick<AccessThread, 'call'>;
  /** Zone of the site. */
  readonly timezone: () => string;
}

type Said = Readonly<Record<string, string | number | undefined>>;

/** What the trail is to hold of an export: which part of which list left, and as what. */
const noted = (said: Said): Record<string, string | number> => Object.fromEntries(Object.entries(said).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

/** Lists and trends as files. A client that goes away ends the reading. */
export function exportRoutes({ reader, access, timezone }: ExportParts): Route[] {
  const sent = async <A extends object>(name: string, asked: A, { format, bom }: Shape, { reply, note }: Caller, ask: AskPage<A>) => {
    const kind = format ?? (reply.request.headers.accept?.includes(EXPORT_MEDIA.xlsx) ? 'xlsx' : 'csv');
    note(noted({ ...(asked as Said), format: kind }));
    const stream = await exportFile({ asked, format: kind, bom: bom === 'true' }, ask).catch((error: unknown) => {
      throw error instanceof BadQuery ? new Problem(400, error.message) : error;
    });
    reply.type(EXPORT_MEDIA[kind]).headers({ 'content-disposition': `attachment; filename="vigil-${name.replaceAll(/[^\w.-]/g, '_')}.${kind}"`, 'cache-control': 'no-store' });
    // What is sent is a stream of the described bytes.
    return stream satisfies Readable as unknown as string;
  };
  const file = (name: string, asked: ExportAsked, shape: Shape, caller: Caller) => sent(name, asked, shape, caller, (page) => reader.ask('export-page', page));
  const trail = (asked: AuditAsked, shape: Shape, caller: Caller) => {
    const times = siteTimes(timezone());
    return sent('audit', asked, shape, caller, (page) => auditPage((query) => access.call('listAudit', query), page, times));
  };
  return [
    route(exportEvents, ({ query: { from, to, ...shape } }, caller) => file('events', { list: 'events', from, to }, shape, caller)),
    route(exportLetters, ({ query: { from, to, ...shape } }, caller) => file('dead-letters', { list: 'dead-letters', from, to }, shape, caller)),
    route(exportSources, ({ query }, caller) => file('sources', { list: 'sources' }, query, caller)),
    route(exportBeds, ({ query }, caller) => file('beds', { list: 'beds' }, query, caller)),
    route(exportSnapshots, ({ params: { family }, query: { from, to, ...shape } }, caller) => file(family, { list: 'snapshots', family, from, to }, shape, caller)),
    route(exportAudit, ({ query: { format, bom, ...asked } }, caller) => trail(asked, { format, bom }, caller)),
    route(exportSeries, ({ params: { metric }, query: { from, to, step, ...shape } }, caller) => file(`${metric}-${step}`, { list: 'series', metric, step, from, to }, shape, caller)),
  ];
}
