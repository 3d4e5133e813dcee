import { statSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { CommandError } from './exit.ts';

const BATCH_BYTES = 256 * 1024;

/** Writes events as NDJSON, in batches; a file appears under its name only when it is whole. */
export class NdjsonFile {
  readonly #path: string | undefined;
  readonly #out: Writable;
  #batch = '';
  #written: Promise<void> | undefined;

  /** Opens the output, `-` for stdout. @throws CommandError when it cannot be written */
  static async open(output: string): Promise<NdjsonFile> {
    if (output === '-') return new NdjsonFile(output, undefined);
    if (statSync(output, { throwIfNoEntry: false })?.isDirectory()) throw new CommandError(`${output}: cannot be written (is a directory)`);
    const part = await open(`${output}.part`, 'w').catch((error: Error) => {
      throw new CommandError(`${output}: cannot be written (${error.message})`);
    });
    return new NdjsonFile(output, part);
  }

  private constructor(output: string, part: FileHandle | undefined) {
    if (!part) {
      this.#out = process.stdout;
      return;
    }
    this.#path = output;
    const file = part.createWriteStream();
    if (this.#path.endsWith('.gz')) {
      const gzip = createGzip();
      gzip.pipe(file);
      file.on('error', (error) => gzip.destroy(error));
      this.#out = gzip;
      this.#written = finished(file);
    } else {
      this.#out = file;
      this.#written = finished(file);
    }
    this.#written.catch(() => undefined);
  }

  /** Adds one event as a line of JSON. */
  write(line: string): void | Promise<void> {
    this.#batch += `${line}\n`;
    return this.#batch.length < BATCH_BYTES ? undefined : this.#flush();
  }

  /** Ends the file and gives it its name. */
  async close(): Promise<void> {
    await this.#flush();
    if (!this.#path) return;
    this.#out.end();
    await this.#written;
    await rename(`${this.#path}.part`, this.#path);
  }

  /** Leaves no file behind. */
  async abandon(): Promise<void> {
    if (!this.#path) return;
    this.#out.destroy();
    await rm(`${this.#path}.part`, { force: true });
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = '';
    if (batch === '' || this.#out.write(batch)) return;
    await Promise.race([once(this.#out, 'drain'), this.#written?.then(() => undefined)].filter((wait) => wait !== undefined));
  }
}
