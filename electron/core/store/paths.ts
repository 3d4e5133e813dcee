import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Which hospital a store belongs to. */
export interface SiteId {
  readonly tenant: string;
  readonly site: string;
}

export const DEFAULT_SITE: SiteId = { tenant: 'local', site: 'main' };

/** Files of one site in a data directory: one database a site, so no query can cross sites by mistake. */
export interface StoreFiles {
  readonly log: string;
  readonly vault: string;
  /** Audit trail, accounts and sessions: outlives what becomes of the log. */
  readonly access: string;
  /** By it commands on this machine speak to the core that runs on the store. */
  readonly token: string;
}

/** As the envelope has them; anything else could lead out of the directory or stand for many topics. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Throws unless tenant and site are names. */
export function storeFiles(dataDir: string, { tenant, site }: SiteId): StoreFiles {
  for (const name of [tenant, site]) if (!NAME.test(name)) throw new Error(`"${name}" is no name of a tenant or site: letters, digits, ".", "_" and "-", up to 64.`);
  const stem = join(dataDir, `${tenant}.${site}`);
  return { log: `${stem}.db`, vault: `${stem}.vault.db`, access: `${stem}.access.db`, token: `${stem}.token` };
}

/** Like {@link storeFiles}, for commands that read: throws an error that says what to do if there is no store. */
export function existingStore(dataDir: string, id: SiteId): StoreFiles {
  const files = storeFiles(dataDir, id);
  if (!existsSync(files.log)) {
    throw new Error(`No store of ${id.tenant}/${id.site} in ${dataDir}. Make one with: vigil load FILE --data ${dataDir}`);
  }
  return files;
}

/**
 * Makes the directory of a store unless it is there. What is made here is its owner's alone: also without names, a log
 * tells much of people. Throws, naming the directory and what stands in the way, if it cannot be written to.
 */
export function createDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    throw new Error(`The data directory ${dataDir} cannot be used: ${obstacle(dataDir) ?? (error as Error).message}. Make it writable, or give another --data directory.`, { cause: error });
  }
}

/** What keeps the nearest directory that is there from being written to: of a missing one Node says no more than that it is missing. */
function obstacle(dataDir: string): string | undefined {
  let nearest = resolve(dataDir);
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
