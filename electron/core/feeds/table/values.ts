import type { BedBoard } from './beds.ts';
import { BadValue } from './problems.ts';
import type { Row } from './table-reader.ts';

/** What a value of a mapping can be; undefined means that there is none. */
export type Scalar = string | number | boolean | Date;
export type Value = Scalar | { readonly [field: string]: Value } | undefined;

/** All that a value of one row may depend on. */
export interface Frame {
  readonly row: Row;
  readonly next: Row | undefined;
  readonly previous: Row | undefined;
  /** Position of the row within its case, from 1. */
  readonly ofCase: number;
  readonly caseKey: string;
  readonly state: Record<string, Scalar | undefined>;
  /** Whole days, in ms, by which all times of the case move. */
  readonly shift: number;
  readonly beds: BedBoard;
  readonly lets: Map<string, Value>;
  /** Events made so far of this case, by their time in epoch ms. */
  readonly made: Map<number, number>;
  /** Time of the event or row that is being made, epoch ms. */
  at: number | undefined;
}

export type Read = (frame: Frame) => Value;
export type Test = (frame: Frame) => boolean;

export const asText = (value: Value): string | undefined =>
  value === undefined ? undefined : value instanceof Date ? value.toISOString() : typeof value === 'object' ? undefined : String(value);

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const YES = new Set(['true', '1', 'yes', 'y', 't']);
const NO = new Set(['false', '0', 'no', 'n', 'f']);

/** Turns text into the wanted type. @throws BadValue naming what was read. */
export function convert(value: Scalar, as: 'text' | 'number' | 'integer' | 'boolean', from: string): Scalar {
  const text = String(value).trim();
  if (as === 'text') return text;
  if (as === 'boolean') {
    if (YES.has(text.toLowerCase())) return true;
    if (NO.has(text.toLowerCase())) return false;
    throw new BadValue(`${from}: "${text}" is neither yes nor no`);
  }
  if (!NUMBER.test(text)) throw new BadValue(`${from}: "${text}" is not a number`);
  const number = Number(text);
  if (as === 'integer' && !Number.isInteger(number)) throw new BadValue(`${from}: "${text}" is not a whole number`);
  return number;
}
