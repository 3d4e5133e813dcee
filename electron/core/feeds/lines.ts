import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** One line of a file, counted from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * Lines of a UTF-8 text file or, with `-`, of standard input; `.gz` is read as it is. Empty lines are left out.
 * Rejects when the file cannot be read or unpacked (a readline iterator would end without a word).
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const raw = file === '-' ? process.stdin : createReadStream(file);
  const input: NodeJS.ReadableStream = file.endsWith('.gz') ? pipeline(raw, createGunzip(), () => {}) : raw;
  const decoder = new TextDecoder();
  let number = 0;
  let rest = '';
  for await (const chunk of input) {
    const parts = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = parts.pop()!;
    for (const text of parts) {
      number++;
      if (text.trim() !== '') yield { number, text: text.endsWith('\r') ? text.slice(0, -1) : text };
    }
  }
  if (rest.trim() !== '') yield { number: number + 1, text: rest };
}
