import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse, type CsvError } from 'csv-parse';
import { TableError, type BadRow } from './problems.ts';

/** One row of a table; `line` is the line of the file on which it begins, the header being line 1. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface TableOptions {
  readonly delimiter: ',' | ';' | '\t' | '|' | 'auto';
  readonly encoding: 'utf8' | 'latin1';
}

export interface Table {
  readonly file: string;
  readonly header: readonly string[];
  readonly rows: AsyncIterable<Row>;
}

/** No header is longer. */
const MAX_HEADER_BYTES = 1_000_000;
/** A row longer than this is taken for a quote that was never closed: what follows cannot be told apart. */
const MAX_ROW_BYTES = 16_000_000;
const REPLACEMENT = '\uFFFD';
const DELIMITERS = [';', ',', '\t', '|'] as const;

async function magic(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Bytes of the file, unpacked when it is gzip by its first bytes, whatever it is called. */
async function openBytes(path: string): Promise<Readable> {
  const first = await magic(path);
  if ((first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff)) {
    throw new TableError(`${basename(path)}: is UTF-16; save it as UTF-8 (for example: iconv -f UTF-16 -t UTF-8)`);
  }
  const raw = createReadStream(path);
  if (first[0] !== 0x1f || first[1] !== 0x8b) return raw;
  const unpacked = createGunzip();
  raw.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => raw.destroy());
  return raw.pipe(unpacked);
}

async function firstLine(path: string): Promise<string> {
  const bytes = await openBytes(path);
  let text = '';
  for await (const chunk of bytes) {
    text += (chunk as Buffer).toString('latin1');
    if (/[\r\n]/.test(text) || text.length > MAX_HEADER_BYTES) break;
  }
  bytes.destroy();
  return text.split(/[\r\n]/, 1)[0] ?? '';
}

/** The delimiter that the header line uses most, outside quotes; a comma where there is only one column. */
export function guessDelimiter(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => [delimiter, bare.split(delimiter).length - 1] as const);
  const [best, count] = counts.reduce((a, b) => (b[1] > a[1] ? b : a));
  return count > 0 ? best : ',';
}

/**
 * Opens a delimited table with a header line: plain or gzip, with or without byte-order mark, any line ends.
 * Rows stream. A row with another number of cells than the header, with broken quotes or not in the table's encoding
 * goes to `onBadRow`.
 * @throws TableError when there is no header, the file cannot be unpacked, or a row does not end.
 */
export async function openTable(path: string, options: TableOptions, onBadRow: (row: BadRow) => void): Promise<Table> {
  const file = basename(path);
  const delimiter = options.delimiter === 'auto' ? guessDelimiter(await firstLine(path)) : options.delimiter;
  const bytes = await openBytes(path);
  const parser = parse({
    delimiter,
    encoding: options.encoding,
    bom: options.encoding === 'utf8',
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW_BYTES,
    on_skip: (error: CsvError | undefined) => {
      const line = Number(error?.['lines'] ?? 0);
      if (error?.code === 'CSV_MAX_RECORD_SIZE') parser.destroy(new TableError(`${file}:${line}: the row that reaches this line is longer than ${MAX_ROW_BYTES / 1e6} MB; close the quote before it`));
      else onBadRow({ file, line, reason: error?.message ?? 'row cannot be read' });
      return undefined;
    },
  });
  bytes.on('error', (error) => parser.destroy(new TableError(`${file}: cannot be read to its end (${error.message})`)));
  bytes.pipe(parser);

  const records = (parser as AsyncIterable<{ info: { lines: number }; record: string[] }>)[Symbol.asyncIterator]();
  const head = await records.next();
  if (head.done) throw new TableError(`${file}: is empty; the first line must name the columns`);
  const header = head.value.record.map((name) => name.trim());

  async function* rows(): AsyncGenerator<Row> {
    for (let next = await records.next(); !next.done; next = await records.next()) {
      const { info, record } = next.value;
      let breaks = 0;
      for (const cell of record) if (cell.includes('\n')) breaks += cell.split('\n').length - 1;
      const line = info.lines - breaks;
      if (record.length !== header.length) {
        onBadRow({ file, line, reason: `${record.length} cells where the header has ${header.length}` });
        continue;
      }
      if (options.encoding === 'utf8' && record.some((cell) => cell.includes(REPLACEMENT))) {
        onBadRow({ file, line, reason: 'is not UTF-8; save the table so, or set table.encoding: latin1' });
        continue;
      }
      yield { line, cells: record };
    }
  }
  return { file, header, rows: rows() };
}
