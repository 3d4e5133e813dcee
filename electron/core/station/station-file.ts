import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stationDocumentSchema, type StationDocument } from '#shared/station.ts';
import { createDataDir } from '../store/paths.ts';

export const stationFile = (dataDir: string): string => join(dataDir, 'station.yaml');

/** The station document of a data directory; empty where there is none. Throws an error that names the file, the key and the fault. */
export async function readStation(dataDir: string): Promise<StationDocument> {
  const file = stationFile(dataDir);
  if (!existsSync(file)) return {};
  const { parse } = await import('yaml');
  let said: unknown;
  try {
    said = parse(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
  const read = stationDocumentSchema.safeParse(said);
  if (!read.success) throw new Error(read.error.issues.map(({ path, message }) => `${file}: ${path.join('.') || '(document)'}: ${message}`).join('\n'));
  return read.data;
}

/** Puts another document in place, whole or not at all. */
export async function writeStation(dataDir: string, document: StationDocument): Promise<void> {
  const { stringify } = await import('yaml');
  writeSecretly(dataDir, 'station.yaml', `# Station document of Vigil, written by its settings; keys: resources/station.schema.json\n${stringify(document)}`);
}

/** Writes a file of the data directory that its owner alone reads, whole or not at all; it is on disk when this returns. */
export function writeSecretly(dataDir: string, name: string, text: string): void {
  createDataDir(dataDir);
  const file = join(dataDir, name);
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
