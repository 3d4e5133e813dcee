import type { Readable } from 'node:stream';
import { EXPORT_MEDIA, exportBeds, exportEvents, exportSeries, exportSnapshots, exportSources, type ExportFormat } from '#shared/api/exports.ts';
import type { ExportAsked } from '../exports/asked.ts';
import { exportFile } from '../exports/file.ts';
import { BadQuery, type ReaderThread } from '../store/reader-thread.ts';
import { Problem } from './problem.ts';
import { route, type Caller, type Route } from './routes.ts';

interface Shape {
  readonly format?: ExportFormat | undefined;
  readonly bom?: 'true' | 'false' | undefined;
}

/** Lists and trends as files. A client that goes away ends the reading. */
export function exportRoutes(reader: ReaderThread): Route[] {
  const file = async (name: string, asked: ExportAsked, { format, bom }: Shape, { reply }: Caller) => {
    const kind = format ?? (reply.request.headers.accept?.includes(EXPORT_MEDIA.xlsx) ? 'xlsx' : 'csv');
    const stream = await exportFile({ asked, format: kind, bom: bom === 'true' }, (page) => reader.ask('export-page', page)).catch((error: unknown) => {
      throw error instanceof BadQuery ? new Problem(400, error.message) : error;
    });
    reply.type(EXPORT_MEDIA[kind]).headers({ 'content-disposition': `attachment; filename="vigil-${name.replaceAll(/[^\w.-]/g, '_')}.${kind}"`, 'cache-control': 'no-store' });
    // What is sent is a stream of the described bytes.
    return stream satisfies Readable as unknown as string;
  };
  return [
    route(exportEvents, ({ query: { from, to, ...shape } }, caller) => file('events', { list: 'events', from, to }, shape, caller)),
    route(exportSources, ({ query }, caller) => file('sources', { list: 'sources' }, query, caller)),
    route(exportBeds, ({ query }, caller) => file('beds', { list: 'beds' }, query, caller)),
    route(exportSnapshots, ({ params: { family }, query: { from, to, ...shape } }, caller) => file(family, { list: 'snapshots', family, from, to }, shape, caller)),
    route(exportSeries, ({ params: { metric }, query: { from, to, step, ...shape } }, caller) => file(`${metric}-${step}`, { list: 'series', metric, step, from, to }, shape, caller)),
  ];
}
