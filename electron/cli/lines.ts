import { statSync } from 'node:fs';
import { readLines, type Line } from '#core/feeds/lines.ts';
import { CommandError } from './exit.ts';

/** Lines of the file a command names, or of standard input. Throws at once if there is no such file. */
export function lines(file: string): AsyncGenerator<Line> {
  if (file !== '-' && !statSync(file, { throwIfNoEntry: false })?.isFile()) throw new CommandError(`${file}: no such file`);
  return readLines(file);
}
