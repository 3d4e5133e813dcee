import { Command } from 'commander';
import { SNAPSHOT_FAMILIES } from '#shared/snapshots/families.ts';
import { openForReading } from '#core/store/open.ts';
import { latestSnapshots, snapshotHistory } from '#core/store/read-snapshots.ts';
import { CommandError, EXIT } from './exit.ts';
import { collect, openedStore, parseScope, parseTime, withStore, type StoreFlags } from './store-options.ts';

interface SnapshotFlags extends StoreFlags {
  unit?: string;
  bed?: string;
  room?: string;
  subject: string[];
  at?: string;
  from?: string;
  to?: string;
  limit: string;
  json?: boolean;
}

const families = SNAPSHOT_FAMILIES.map(({ name, subject, title }) => `  ${name.padEnd(17)} ${title} (${subject.join(', ')})`).join('\n');

/** `vigil snapshots FAMILY --data DIR`: the newest snapshots of a family, or their history. */
export const snapshotsCommand = withStore(new Command('snapshots'))
  .description('print the newest snapshot of each subject of a family, or with --from their history')
  .argument('<family>', 'snapshot family, see below')
  .option('--unit <unit>', 'of this unit')
  .option('--bed <bed>', 'of the beds of this label')
  .option('--room <room>', 'of this operating room')
  .option('--subject <field=value>', 'narrow by any field of the family; may be repeated', collect, [])
  .option('--at <time>', 'ISO 8601 time: what held then')
  .option('--from <time>', 'ISO 8601 time: history from then on')
  .option('--to <time>', 'ISO 8601 time: history before then')
  .option('--limit <n>', 'most rows of a history', '1000')
  .option('--json', 'answer as one JSON object (the default)')
  .addHelpText('after', `\nFamilies:\n${families}\n\nTimes in the answer are epoch ms; a null says in "unknown" why, or does not apply. A row holds until the next one\nof its subject, within the spans of "watched". Exit codes: 0 answered, 1 failed, 2 usage.`)
  .action((family: string, flags: SnapshotFlags) => {
    const limit = Number(flags.limit);
    if (!Number.isInteger(limit) || limit < 1) throw new CommandError('--limit: give a whole number from 1 on', EXIT.usage);
    if (flags.at !== undefined && (flags.from ?? flags.to) !== undefined) throw new CommandError('--at asks for one moment, --from and --to for a history: give one of them', EXIT.usage);
    const { unit, bed, room } = flags;
    const subject = { ...parseScope(flags.subject), ...(unit === undefined ? {} : { unit }), ...(bed === undefined ? {} : { bed }), ...(room === undefined ? {} : { room }) };
    const db = openForReading(openedStore(flags).log);
    try {
      const answer = db.transaction(() =>
        (flags.from ?? flags.to) === undefined
          ? { snapshots: latestSnapshots(db, { family, subject }, flags.at === undefined ? undefined : parseTime(flags.at)) }
          : snapshotHistory(db, { family, subject }, flags.from === undefined ? 0 : parseTime(flags.from), flags.to === undefined ? Number.MAX_SAFE_INTEGER : parseTime(flags.to), limit),
      )();
      process.stdout.write(`${JSON.stringify({ family, ...answer })}\n`);
    } catch (error) {
      if (error instanceof RangeError) throw new CommandError(error.message, EXIT.usage);
      throw error;
    } finally {
      db.close();
    }
  });
