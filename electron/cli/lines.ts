import { statSync } from 'node:fs';
import { readLines, type Line } from '#core/feeds/lines.ts';
import { CommandError } from './exit.ts';

/** Throws, in words for the person at the keyboard, unless something can be read under this name. */
export function checkReadable(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new CommandError(`${file}: no such file`);
  if (found.isDirectory()) throw new CommandError(`${file}: is a directory; name a file in it`);
}

/** Lines of the file a command names, or of standard input (`-`). Throws at once if there is no such file. */
export function lines(file: string): AsyncGenerator<Line> {
  if (file !== '-') checkReadable(file);
  return named(file);
}

/** An error while reading says which file it was. */
async function* named(file: string): AsyncGenerator<Line> {
  try {
    yield* readLines(file);
  } catch (error) {
    throw new CommandError(`${file}: cannot be read to its end (${(error as Error).message})`);
  }
}
