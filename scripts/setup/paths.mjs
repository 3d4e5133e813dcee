import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');
export const MODULES = join(ROOT, 'node_modules');
export const OUT = join(ROOT, 'out');

/** What is fetched once for all checkouts of a person; safe to delete at any time. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vigil');

/** Store of the replayed day and settings of the desktop app when run from a checkout. */
export const STATE = join(ROOT, '.vigil');
