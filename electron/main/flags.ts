import { join } from 'node:path';
import { app } from 'electron';
import type { LayoutFiles } from './station-layouts.ts';

/** What stands after `--` is the core's; without a store named there it keeps one among the person's settings. */
export function coreFlags(): string[] {
  const end = process.argv.indexOf('--');
  const flags = end < 0 ? [] : process.argv.slice(end + 1);
  return flags.includes('--data') ? flags : ['--data', join(app.getPath('userData'), 'store'), ...flags];
}

/** `--import-key=FILE` names a site's key that the system's key store is to keep. */
export const importedKeyFile = (): string => app.commandLine.getSwitchValue('import-key');

/** Where layouts lie: `--layout=FILE` names one that is not the one among the person's settings, and holds whatever the site says. */
export function layoutFiles(): LayoutFiles {
  const given = app.commandLine.getSwitchValue('layout');
  const settings = app.getPath('userData');
  return { own: given || join(settings, 'layout.yaml'), fixed: given !== '', ofSite: join(settings, 'site-layout.yaml') };
}
