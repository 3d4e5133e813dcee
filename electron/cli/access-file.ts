import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { AuditEntry } from '#core/access/audit.ts';
import { AccessStore } from '#core/access/access-store.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { createDataDir, storeFiles } from '#core/store/paths.ts';
import { CommandError, EXIT } from './exit.ts';
import { CORE_FLAG } from './running-core.ts';
import { siteId, withStore, type StoreFlags } from './store-options.ts';

export interface AccessFlags extends StoreFlags {
  keyFile?: string;
  core?: string;
  json?: boolean;
}

/** Flags of commands that read or write a site's access file. */
export const withAccess = (command: Command): Command => withStore(command).option('--key-file <file>', 'secret of the site').option('--json', 'answer as JSON');

/** The same, of commands that can have a running core do it. */
export const withCore = (command: Command): Command => withAccess(command).option(...CORE_FLAG);

/** Opens the access file, which a core may use meanwhile; `make`: also where there is none yet. */
export async function onAccessFile<T>(flags: AccessFlags, work: (store: AccessStore) => T | Promise<T>, { make = false } = {}): Promise<T> {
  const { access } = storeFiles(flags.data, siteId(flags));
  if (make) createDataDir(flags.data);
  else if (!existsSync(access)) throw new CommandError(`${access} is not there: no core has run on ${flags.data}, and no account was made`);
  const store = new AccessStore(access, loadSiteKey(siteId(flags), flags.keyFile), () => Date.now());
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Name of the account of this machine that a command runs as. */
export function personHere(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry among the machine's users, as containers have.
    return `uid ${process.getuid?.()}`;
  }
}

/** What the trail is to hold of something that was done from here. */
export const byPerson = (action: string, outcome: AuditEntry['outcome'], subject: AuditEntry['subject']): AuditEntry => ({ action, actor: { kind: 'local', name: personHere(), from: 'command line' }, outcome, subject });

/** Changes something and writes down that it was done from here; without the key that the trail is chained by, nothing is. */
export const changeFile = <T>(flags: AccessFlags, action: string, subject: AuditEntry['subject'] | ((done: T) => AuditEntry['subject']), work: (store: AccessStore) => T | Promise<T>): Promise<T> =>
  onAccessFile(flags, async (store) => {
    const done = await work(store);
    store.append([byPerson(action, 'done', typeof subject === 'function' ? subject(done) : subject)]);
    return done;
  }, { make: true });

/** What was typed, as the schema has it; wrong usage if it does not fit. */
export function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CommandError(parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`).join('; '), EXIT.usage);
}

export const time = (ms: number | null): string => (ms === null ? '-' : new Date(ms).toISOString());
