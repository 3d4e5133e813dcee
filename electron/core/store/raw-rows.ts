import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** A value of a row as SQLite stores it. */
export type RawValue = number | string | Buffer | null;

const DEFAULT_PAGE = 4096;
const LEAF_TABLE = 0x0d;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
const DATABASE_HEADER = 100;
/** A row of ours is far smaller; a larger length is garbage. */
const MAX_ROW = 4 * 1024 * 1024;

/**
 * Rows of all tables that can still be read out of a database and its write-ahead log, page by page, without trusting
 * header, schema or tree: also of pages that were deleted or overwritten since. Nothing is promised of what comes; who
 * reads judges each row by what it holds. https://www.sqlite.org/fileformat2.html
 */
export function* rawRows(file: string): Generator<{ rowid: number; values: RawValue[] }> {
  for (const name of [file, `${file}-wal`]) if (existsSync(name)) yield* rowsOf(name, name.endsWith('-wal'));
}

function* rowsOf(name: string, wal: boolean): Generator<{ rowid: number; values: RawValue[] }> {
  const fd = openSync(name, 'r');
  try {
    const { size } = fstatSync(fd);
    const pageSize = pageSizeOf(fd, wal);
    const [first, stride, head] = wal ? [WAL_HEADER, pageSize + FRAME_HEADER, FRAME_HEADER] : [0, pageSize, 0];
    const where = wal ? framesByPage(fd, size, pageSize) : undefined;
    const read = (at: number) => {
      const page = Buffer.alloc(pageSize);
      return readSync(fd, page, 0, pageSize, at) === pageSize ? page : undefined;
    };
    const overflow = (page: number) => {
      const at = where ? where.get(page) : (page - 1) * pageSize;
      return at === undefined || at < 0 ? undefined : read(at);
    };
    for (let at = first; at + stride <= size; at += stride) {
      const page = read(at + head)!;
      const start = !wal && at === 0 ? DATABASE_HEADER : 0;
      if (page[start] !== LEAF_TABLE) continue;
      const cells = Math.min(page.readUInt16BE(start + 3), Math.floor((pageSize - start - 8) / 2));
      for (let i = 0; i < cells; i++) {
        const row = cell(page, page.readUInt16BE(start + 8 + 2 * i), overflow);
        if (row) yield row;
      }
    }
  } finally {
    closeSync(fd);
  }
}

function pageSizeOf(fd: number, wal: boolean): number {
  const bytes = Buffer.alloc(DATABASE_HEADER);
  readSync(fd, bytes, 0, DATABASE_HEADER, 0);
  const said = wal ? bytes.readUInt32BE(8) : bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
  const known = wal ? (bytes.readUInt32BE(0) | 1) === 0x377f0683 : bytes.toString('latin1', 0, 15) === 'SQLite format 3';
  return known && said >= 512 && said <= 65_536 && (said & (said - 1)) === 0 ? said : DEFAULT_PAGE;
}

/** Where the newest copy of each page lies in a write-ahead log. */
function framesByPage(fd: number, size: number, pageSize: number): Map<number, number> {
  const where = new Map<number, number>();
  const head = Buffer.alloc(4);
  for (let at = WAL_HEADER; at + FRAME_HEADER + pageSize <= size; at += FRAME_HEADER + pageSize) {
    readSync(fd, head, 0, 4, at);
    where.set(head.readUInt32BE(0), at + FRAME_HEADER);
  }
  return where;
}

/** One row of a leaf page; undefined where its bytes make no sense. */
function cell(page: Buffer, at: number, overflow: (page: number) => Buffer | undefined): { rowid: number; values: RawValue[] } | undefined {
  try {
    const size = varint(page, at);
    if (size.value > MAX_ROW || size.value < 2) return undefined;
    const rowid = varint(page, size.next);
    const record = payload(page, rowid.next, size.value, overflow);
    const values = record && columns(record);
    return values && { rowid: rowid.value, values };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function payload(page: Buffer, at: number, size: number, overflow: (page: number) => Buffer | undefined): Buffer | undefined {
  const usable = page.length;
  if (size <= usable - 35) return at + size <= usable ? page.subarray(at, at + size) : undefined;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (usable - 4));
  const local = fitting <= usable - 35 ? fitting : least;
  const parts = [page.subarray(at, at + local)];
  let left = size - local;
  for (let next = page.readUInt32BE(at + local); left > 0; ) {
    const more = next === 0 ? undefined : overflow(next);
    if (!more) return undefined;
    const part = more.subarray(4, 4 + Math.min(left, usable - 4));
    parts.push(part);
    left -= part.length;
    next = more.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8];

function columns(record: Buffer): RawValue[] | undefined {
  const head = varint(record, 0);
  if (head.value > record.length) return undefined;
  const values: RawValue[] = [];
  let body = head.value;
  for (let at = head.next; at < head.value; ) {
    const { value: type, next } = varint(record, at);
    at = next;
    if (type === 10 || type === 11) return undefined;
    const length = type >= 12 ? (type - (type % 2 === 0 ? 12 : 13)) / 2 : type === 7 ? 8 : (INTEGER_BYTES[type] ?? 0);
    if (body + length > record.length) return undefined;
    const bytes = record.subarray(body, body + length);
    body += length;
    values.push(type === 0 ? null : type === 8 ? 0 : type === 9 ? 1 : type >= 12 ? (type % 2 === 0 ? Buffer.from(bytes) : bytes.toString('utf8')) : type === 7 ? bytes.readDoubleBE(0) : integer(bytes));
  }
  return values;
}

const integer = (bytes: Buffer) => (bytes.length === 8 ? Number(bytes.readBigInt64BE(0)) : bytes.readIntBE(0, bytes.length));

function varint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes.readUInt8(at + i);
    value = value * 128 + (byte & 0x7f);
    if (byte < 128) return { value, next: at + i + 1 };
  }
  return { value: value * 256 + bytes.readUInt8(at + 8), next: at + 9 };
}
