import { Command } from 'commander';
import { restore } from '#core/store/restore.ts';

interface RestoreFlags {
  data: string;
  force?: boolean;
  json?: boolean;
}

const HELP = `
The backup is read through first: SQLite's own check of both files, and the state hash it was made with. Tenant and site
are the backup's. It opens with the site key it was made with, which is not part of it.

Exit codes: 0 done, 1 failed (a store is there and no --force, the backup is damaged, a core is running), 2 usage.`;

/** `vigil restore BACKUP --data DIR`: puts a backup in place. */
export const restoreCommand = new Command('restore')
  .description('put a backup in place of a store, once it is verified')
  .argument('<backup>', 'directory that vigil backup made')
  .requiredOption('--data <dir>', 'directory of the store')
  .option('--force', 'set a store aside that is there (into DIR/set-aside)')
  .option('--json', 'answer as JSON')
  .addHelpText('after', HELP)
  .action((from: string, flags: RestoreFlags) => {
    const { manifest, setAside } = restore(from, flags.data, Date.now(), { force: flags.force ?? false });
    const text = `${manifest.tenant}/${manifest.site} as of ${new Date(manifest.taken).toISOString()}: ${manifest.events} events, state ${manifest.stateHash}${setAside ? `\nthe store that was there is in ${setAside}` : ''}`;
    process.stdout.write(flags.json ? `${JSON.stringify({ ...manifest, ...(setAside ? { setAside } : {}) })}\n` : `${text}\n`);
  });
