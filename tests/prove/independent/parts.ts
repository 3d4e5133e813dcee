import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DataSet } from './data-sets.ts';

const ROWS = 300;

/** The lines of a table without its header, and the header. Rows with quoted line breaks would be torn: such tables are left whole. */
function linesOf(file: string): { header: string; rows: string[] } {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const [header, ...rows] = text.split('\n').filter((line) => line !== '');
  return { header: header!, rows };
}

const PARTS: Readonly<Record<string, (header: string, rows: string[]) => string>> = {
  'its first rows': (header, rows) => [header, ...rows.slice(0, ROWS), ''].join('\n'),
  'its last rows, backwards': (header, rows) => [header, ...rows.slice(-ROWS).reverse(), ''].join('\n'),
  'its first row alone, without an end of line': (header, rows) => `${header}\n${rows[0]}`,
  'its first rows with a byte order mark, CRLF and empty lines at the end': (header, rows) => `\uFEFF${[header, ...rows.slice(0, ROWS), '', ''].join('\r\n')}`,
};

/** Parts of a set as other exports of the same system might be: cut, backwards, of one row, written by another program. */
export function partsOf(set: DataSet, dir: string): DataSet[] {
  const { header, rows } = linesOf(set.input);
  return Object.entries(PARTS).map(([what, make], i) => {
    const input = join(dir, `part-${i}-${set.name.replaceAll(/[^\w.]/g, '-').replace(/\.gz$/, '')}`);
    writeFileSync(input, make(header, rows));
    return { ...set, name: `${set.name}, ${what}`, input, expected: () => set.expected(input) };
  });
}
