import { Command } from 'commander';
import { openForReading } from '#core/store/open.ts';
import { currentEntities, entitiesAt, hashState } from '#core/store/state.ts';
import { openedStore, parseTime, withStore, type StoreFlags } from './store-options.ts';

interface StateFlags extends StoreFlags {
  at?: string;
  hash?: boolean;
  json?: boolean;
}

/** `vigil state --data DIR`: the folded state, or its hash, now or at a time. */
export const stateCommand = withStore(new Command('state'))
  .description('print the state of every entity, now or as of a time (as known today), one JSON object')
  .option('--at <time>', 'ISO 8601 time; up to and including it')
  .option('--hash', 'print the state hash alone')
  .option('--json', 'answer as JSON (the default; with --hash an object instead of the bare hash)')
  .action((flags: StateFlags) => {
    const db = openForReading(openedStore(flags).log);
    try {
      // One transaction, so that the hash is that of what is printed, also beside a core that writes.
      db.exec('BEGIN');
      const entities = () => (flags.at === undefined ? currentEntities(db) : entitiesAt(db, parseTime(flags.at)));
      const hash = hashState(entities());
      if (flags.hash) {
        process.stdout.write(flags.json ? `${JSON.stringify({ hash })}\n` : `${hash}\n`);
        return;
      }
      process.stdout.write(`{"hash":"${hash}","entities":[`);
      let separator = '\n';
      for (const entity of entities()) {
        process.stdout.write(`${separator}${JSON.stringify(entity)}`);
        separator = ',\n';
      }
      process.stdout.write('\n]}\n');
    } finally {
      db.close();
    }
  });
