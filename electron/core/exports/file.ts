import { Readable } from 'node:stream';
import type { ExportFormat } from '#shared/api/exports.ts';
import type { Page, PageAsked } from './asked.ts';
import { workbook } from './workbook.ts';

export interface FileAsked<A> {
  readonly asked: A;
  readonly format: ExportFormat;
  /** Begin a CSV with the byte order mark, by which Excel knows UTF-8. */
  readonly bom: boolean;
}

export type AskPage<A> = (page: PageAsked<A>) => Promise<Page> | Page;

/**
 * A list as the bytes of a file, read page by page as fast as they are taken; destroying the stream ends the reading.
 * Resolves once the first page is there. Rejects where the question is at fault.
 * @param seen told of the rows so far, after each page
 */
export async function exportFile<A>({ asked, format, bom }: FileAsked<A>, ask: AskPage<A>, seen: (rows: number) => void = () => {}): Promise<Readable> {
  const pages = allPages({ asked, format }, await ask({ asked, format }), ask, seen);
  return format === 'csv' ? Readable.from(lines(pages, bom), { objectMode: false, highWaterMark: 1 }) : workbook(pages);
}

async function* allPages<A>(question: PageAsked<A>, first: Page, ask: AskPage<A>, seen: (rows: number) => void): AsyncGenerator<Page> {
  let rows = 0;
  for (let page = first; ; page = await ask({ ...question, place: page.next })) {
    rows += page.rows;
    seen(rows);
    yield page;
    if (!page.next) return;
  }
}

async function* lines(pages: AsyncGenerator<Page>, bom: boolean): AsyncGenerator<string> {
  let begun = false;
  for await (const { header, text } of pages) {
    yield `${begun ? '' : (bom ? '\uFEFF' : '') + header}${text}`;
    begun = true;
  }
}
