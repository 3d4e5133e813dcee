import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

export type Row = Record<string, string>;

/** A table with a header line, gzipped or not. @throws naming the file that is missing */
export function rows(file: string, delimiter = ','): Row[] {
  if (!existsSync(file)) throw new Error(`${file} is missing: --data names the folder that holds sepsis-cases-4tu, or-utilization-2022q1, mimic-iv-demo-2.2 and hospital-billing-4tu`);
  const body = readFileSync(file);
  return parse(file.endsWith('.gz') ? gunzipSync(body) : body, { columns: true, delimiter, relax_quotes: true }) as Row[];
}

const ISO_LIKE = /^(\d{4})[-/](\d\d)[-/](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?$/;
const US = /^(\d\d)\/(\d\d)\/(\d\d) (\d\d):(\d\d) ([AP])M$/;

/**
 * Minutes of a local time since 1970; only differences and times of day are taken from it.
 * @throws for any other form
 */
export function minute(text: string): number {
  const iso = ISO_LIKE.exec(text);
  if (iso) {
    const [, y, mo, d, h = '0', mi = '0', s = '0', fraction = '0'] = iso;
    return Date.UTC(+y!, +mo! - 1, +d!, +h, +mi, +s) / 60_000 + +fraction / 60;
  }
  const us = US.exec(text);
  if (!us) throw new Error(`'${text}' is no time`);
  const [, mo, d, y, h, mi, half] = us;
  return Date.UTC(2000 + +y!, +mo! - 1, +d!, (+h! % 12) + (half === 'P' ? 12 : 0), +mi!) / 60_000;
}

export const hourOfDay = (at: number): number => Math.floor((((at % 1440) + 1440) % 1440) / 60);

/** Rows by the value of a column, in order. */
export function grouped<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(key(one));
    if (group) group.push(one);
    else groups.set(key(one), [one]);
  }
  return groups;
}
