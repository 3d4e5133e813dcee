import { join } from 'node:path';
import { app } from 'electron';

/** What stands after `--` is the core's; without a store named there it keeps one among the person's settings. */
export function coreFlags(): string[] {
  const end = process.argv.indexOf('--');
  const flags = end < 0 ? [] : process.argv.slice(end + 1);
  return flags.includes('--data') ? flags : ['--data', join(app.getPath('userData'), 'store'), ...flags];
}

/** `--import-key=FILE` names a site's key that the system's key store is to keep. */
export const importedKeyFile = (): string => app.commandLine.getSwitchValue('import-key');

/** `--layout=FILE` names another layout than the one among the person's settings. */
export const layoutPath = (): string => app.commandLine.getSwitchValue('layout') || join(app.getPath('userData'), 'layout.yaml');
