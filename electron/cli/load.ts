import { Command } from 'commander';
import { loadLines } from '#core/store/load.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { readSiteFile } from '#core/store/site-file.ts';
import { EXIT } from './exit.ts';
import { lines } from './lines.ts';
import { progress } from './progress.ts';
import { siteId, withStore, type StoreFlags } from './store-options.ts';

interface LoadFlags extends StoreFlags {
  config?: string;
  keyFile?: string;
  strict?: boolean;
  json?: boolean;
}

/** `vigil load FILE --data DIR`: folds a file of events straight into a store. */
export const loadCommand = withStore(new Command('load'))
  .description('fold a file of events (NDJSON, also .gz, - for stdin) into a store, by the same code as the broker path')
  .argument('<file>', 'events, one CloudEvents envelope a line')
  .option('--config <file>', 'site document: units, beds, rooms, zone; kept in the store')
  .option('--key-file <file>', 'secret of the site, 32 bytes or more')
  .option('--strict', 'end with exit code 3 when a line was refused')
  .option('--json', 'answer as JSON')
  .addHelpText('after', '\nRefused lines are kept with their reason (see vigil doctor).\nExit codes: 0 done, 1 failed, 2 usage, 3 a line was refused and --strict was given.')
  .action(async (file: string, flags: LoadFlags) => {
    const source = lines(file);
    const store = openSiteStore({ dataDir: flags.data, id: siteId(flags), keyFile: flags.keyFile, withVault: true, siteFile: flags.config ? readSiteFile(flags.config) : undefined });
    try {
      const bar = progress('load');
      const loaded = await loadLines(store, source, Date.now(), ({ read }) => bar.at(read));
      bar.done(`${loaded.read.toLocaleString('en')} events`);
      const text = `${loaded.accepted} accepted, ${loaded.duplicates} duplicates, ${loaded.refused} refused`;
      process.stdout.write(flags.json ? `${JSON.stringify(loaded)}\n` : `${text}\n`);
      process.exitCode = flags.strict && loaded.refused > 0 ? EXIT.partly : EXIT.ok;
    } finally {
      store.close();
    }
  });
