import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Page } from './asked.ts';
import { DATE_STYLE } from './sheet.ts';

/** Rows of one sheet (Excel's specifications and limits), less that of the column names. */
const SHEET_ROWS = 1_048_575;

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const relations = (list: readonly string[]) => `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}</Relationships>`;
const relation = (id: string, kind: string, target: string) => `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;

const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>`
  + '<fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
  + `<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" numFmtId="164" applyNumberFormat="${DATE_STYLE}"/></cellXfs></styleSheet>`;

const SHEET_BEGIN = `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
const SHEET_END = '</sheetData></worksheet>';

/** Names of the parts beside the sheets. They stand at the end of the archive: only then is the number of sheets known. */
function parts(sheets: number): Record<string, string> {
  const numbers = Array.from({ length: sheets }, (_, i) => i + 1);
  return {
    'xl/styles.xml': STYLES,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${numbers.map((n) => `<sheet name="Rows ${n}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([...numbers.map((n) => relation(`rId${n}`, 'worksheet', `worksheets/sheet${n}.xml`)), relation('rIdStyles', 'styles', 'styles.xml')]),
    '_rels/.rels': relations([relation('rId1', 'officeDocument', 'xl/workbook.xml')]),
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
      + `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>`
      + `${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${TYPE}.worksheet+xml"/>`).join('')}</Types>`,
  };
}

/**
 * An XLSX workbook (ECMA-376) of pages, as it is being written: of any number of rows no more than a page is in memory.
 * What no more fits a sheet goes to the next. Destroying the stream ends the pages.
 */
export function workbook(pages: AsyncGenerator<Page>): Readable {
  const zip = new ZipFile();
  const out = new PassThrough();
  zip.on('error', (error: Error) => out.destroy(error));
  zip.outputStream.pipe(out);
  write(zip, pages, out).catch((error: unknown) => out.destroy(error as Error));
  return out;
}

async function write(zip: ZipFile, pages: AsyncGenerator<Page>, out: Readable): Promise<void> {
  let coming = await pages.next();
  const rowsOf = async function* (): AsyncGenerator<string> {
    let rows = 0;
    yield SHEET_BEGIN;
    if (!coming.done) yield coming.value.header;
    for (; !coming.done && rows + coming.value.rows <= SHEET_ROWS; coming = await pages.next()) {
      rows += coming.value.rows;
      if (coming.value.text !== '') yield coming.value.text;
    }
    yield SHEET_END;
  };
  let sheets = 0;
  do {
    const sheet = Readable.from(rowsOf(), { objectMode: false, highWaterMark: 1 });
    const stop = () => sheet.destroy();
    out.once('close', stop);
    zip.addReadStream(sheet, `xl/worksheets/sheet${++sheets}.xml`);
    await finished(sheet).finally(() => out.off('close', stop));
  } while (!coming.done);
  for (const [name, text] of Object.entries(parts(sheets))) zip.addBuffer(Buffer.from(text), name);
  zip.end();
}
