import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Rows of a delimited file as objects: one character at a time, on purpose unlike the importer's reader. A row with missing cells has none at all. */
export function rawTable(file: string, delimiter = ','): Record<string, string>[] {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === delimiter || c === '\n') {
      rows.at(-1)!.push(cell.endsWith('\r') ? cell.slice(0, -1) : cell);
      cell = '';
      if (c === '\n') rows.push([]);
    } else cell += c;
  }
  if (cell !== '' || rows.at(-1)!.length > 0) rows.at(-1)!.push(cell);
  const [header, ...body] = rows.filter((row) => row.length > 1);
  return body.map((row) => Object.fromEntries(header!.map((name, i) => [name.trim(), row.length === header!.length ? row[i]!.trim() : ''])));
}

/** Minutes since 1970 of `yyyy-MM-dd HH:mm:ss` or `yyyy/MM/dd HH:mm:ss.SSS`, read as UTC; NaN for anything else. */
export const minutesOf = (text: string): number =>
  /^\d{4}[-/]\d\d[-/]\d\d \d\d:\d\d/.test(text) ? Date.parse(`${text.replaceAll('/', '-').replace(' ', 'T')}Z`) / 60_000 : Number.NaN;

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name)!.push(item);
  }
  return groups;
}
