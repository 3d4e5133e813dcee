import { Option, type Command } from 'commander';
import { DateTime } from 'luxon';
import { existingStore, type SiteId, type StoreFiles } from '#core/store/paths.ts';
import { CommandError, EXIT } from './exit.ts';

export interface StoreFlags {
  data: string;
  tenant: string;
  site: string;
}

/** The flags by which every command names a store. */
export function withStore(command: Command): Command {
  return command
    .requiredOption('--data <dir>', 'directory of the store')
    .addOption(new Option('--tenant <name>', 'organisation').default('local'))
    .addOption(new Option('--site <name>', 'hospital or clinic').default('main'));
}

export const siteId = ({ tenant, site }: Pick<StoreFlags, 'tenant' | 'site'>): SiteId => ({ tenant, site });

/** Files of the store the flags name; a clear error if there is none. */
export function openedStore(flags: StoreFlags): StoreFiles {
  try {
    return existingStore(flags.data, siteId(flags));
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

/** Epoch ms of an ISO 8601 time; without an offset it is UTC. */
export function parseTime(text: string): number {
  const time = DateTime.fromISO(text, { zone: 'utc' });
  if (!time.isValid) throw new CommandError(`"${text}" is not an ISO 8601 time such as 2026-01-14T13:00:00Z`, EXIT.usage);
  return time.toMillis();
}

/** Values of a repeatable flag. */
export const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

/** `k=v` pairs of a repeatable flag; a value may hold commas and equals signs. */
export function parseScope(pairs: readonly string[]): Record<string, string> {
  const scope: Record<string, string> = {};
  for (const pair of pairs) {
    const [key, ...value] = pair.split('=');
    if (!key || value.length === 0) throw new CommandError(`--scope ${pair}: write key=value, for example unit_kind=icu`, EXIT.usage);
    scope[key.trim()] = value.join('=').trim();
  }
  return scope;
}
