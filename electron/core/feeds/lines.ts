import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** One line of a file, counted from 1. */
export class Line {
  readonly number: number;
  /** As it stands in the file, which need not be UTF-8. */
  readonly bytes: Buffer;

  constructor(number: number, bytes: Buffer) {
    this.number = number;
    this.bytes = bytes;
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }
}

/**
 * Lines of a file or, with `-`, of standard input; `.gz` is read as it is. Line ends and a byte-order mark are taken
 * off, blank lines left out. Rejects when the file cannot be read or unpacked (a readline iterator would end without a
 * word).
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const raw = file === '-' ? process.stdin : createReadStream(file);
  const input: NodeJS.ReadableStream = file.endsWith('.gz') ? pipeline(raw, createGunzip(), () => {}) : raw;
  let number = 0;
  let rest: Buffer[] = [];
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      const bytes = bare(++number, [...rest, chunk.subarray(from, end)]);
      if (bytes) yield new Line(number, bytes);
      rest = [];
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  const last = bare(++number, rest);
  if (last) yield new Line(number, last);
}

/** A line's own bytes; undefined when there is nothing on it. */
function bare(number: number, parts: readonly Buffer[]): Buffer | undefined {
  let bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  if (bytes.at(-1) === CR) bytes = bytes.subarray(0, -1);
  if (number === 1 && bytes.subarray(0, BOM.length).equals(BOM)) bytes = bytes.subarray(BOM.length);
  return bytes.some((byte) => byte > SPACE) ? bytes : undefined;
}
