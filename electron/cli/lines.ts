import { createReadStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { CommandError } from './exit.ts';

/** Lines of a text file or, with `-`, of standard input; `.gz` is read as it is. Empty lines are left out. */
export async function* lines(file: string): AsyncGenerator<{ number: number; text: string }> {
  if (file !== '-') {
    try {
      statSync(file);
    } catch {
      throw new CommandError(`${file}: no such file`);
    }
  }
  const raw = file === '-' ? process.stdin : createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => input.destroy(error));
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    if (text.trim() !== '') yield { number, text };
  }
}
