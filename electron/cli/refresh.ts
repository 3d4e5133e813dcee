import { Command, Option } from 'commander';
import { openForReading } from '#core/store/open.ts';
import { REFRESH_DOMAINS } from '#shared/snapshots/domains.ts';
import { refresh } from '#core/store/refresh.ts';
import { CommandError, EXIT } from './exit.ts';
import { progress } from './progress.ts';
import { openedStore, withStore, type StoreFlags } from './store-options.ts';

interface RefreshFlags extends StoreFlags {
  unit?: string;
  domain?: string;
  json?: boolean;
}

/** `vigil refresh --unit U | --domain D --data DIR`: folds it anew from the log and reports any difference. */
export const refreshCommand = withStore(new Command('refresh'))
  .description('fold a unit or a domain anew from baseline and log and hold it against the current state; nothing is written')
  .option('--unit <unit>', 'what names this unit and is open or closed within four days')
  .addOption(new Option('--domain <domain>', 'all of this domain').choices(REFRESH_DOMAINS))
  .option('--json', 'answer as one JSON object')
  .addHelpText('after', '\nExit codes: 0 no difference, 1 differences (run `vigil rebuild` to put them right) or failed, 2 usage.')
  .action(({ unit, domain, ...flags }: RefreshFlags) => {
    if ((unit === undefined) === (domain === undefined)) throw new CommandError('give either --unit or --domain', EXIT.usage);
    const what = unit === undefined ? { domain: domain! } : { unit };
    const db = openForReading(openedStore(flags).log);
    const told = progress('refresh');
    try {
      const answer = db.transaction(() => refresh(db, what, (looked) => told.at(looked)))();
      const { checked, differences } = answer;
      told.done(`${checked.toLocaleString('en')} entities, ${differences.length.toLocaleString('en')} differ`);
      if (flags.json) process.stdout.write(`${JSON.stringify({ ...what, ...answer })}\n`);
      else for (const { kind, id } of differences) process.stdout.write(`${kind} ${id} differs\n`);
      if (differences.length > 0) process.exitCode = EXIT.failed;
    } finally {
      db.close();
    }
  });
