import { Command, InvalidArgumentError } from 'commander';
import { DeadLetters, type DeadLetter, type LetterChoice } from '#core/store/dead-letters.ts';
import { openForReading } from '#core/store/open.ts';
import { replayLetters } from '#core/store/replay-letters.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { changeFile } from './access-file.ts';
import { progress } from './progress.ts';
import { askCore, CORE_FLAG } from './running-core.ts';
import { openedStore, siteId, withStore, type StoreFlags } from './store-options.ts';

interface LetterFlags extends StoreFlags {
  id?: number;
  reason?: string;
  source?: string;
  limit: number;
  keyFile?: string;
  core?: string;
  json?: boolean;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number, 1 or more');
  return value;
}

const withChoice = (command: Command) =>
  withStore(command)
    .option('--id <n>', 'the letter of this number', whole)
    .option('--reason <reason>', 'letters of this reason, for example bad-data')
    .option('--source <source>', 'letters of this source: ehr, or ehr/epic-1')
    .option('--json', 'answer as JSON');

const choice = ({ id, reason, source }: LetterFlags): LetterChoice => ({ id, reason, source });

const list = withChoice(new Command('list'))
  .description('refused messages that nobody has replayed: when, why, whose; bodies stay in the vault')
  .option('--limit <n>', 'show at most so many, oldest first', whole, 100)
  .action((flags: LetterFlags) => {
    const db = openForReading(openedStore(flags).log);
    try {
      const letters = new DeadLetters(db, undefined).choose(choice(flags), 0, flags.limit);
      if (flags.json) process.stdout.write(`${JSON.stringify(letters.map(({ dead_letter_id: id, received, reason, detail, topic, source, size, due }) => ({ id, received, reason, detail, topic, source, size, due })))}\n`);
      else for (const letter of letters) process.stdout.write(`${line(letter)}\n`);
    } finally {
      db.close();
    }
  });

const line = ({ dead_letter_id: id, received, reason, detail, source, size }: DeadLetter) => `${id}  ${new Date(received).toISOString()}  ${reason}  ${source ?? '(no source)'}  ${size} bytes\n     ${detail}`;

const replay = withChoice(new Command('replay'))
  .description('apply dead letters again, after what stood in their way was put right; all of them unless some are chosen')
  .option('--key-file <file>', 'secret of the site')
  .option(...CORE_FLAG)
  .action(async (flags: LetterFlags) => {
    let done = { replayed: 0, left: 0 };
    if (flags.core) done = await askCore(flags.core, flags, '/api/v1/ops/dead-letters/replay', choice(flags));
    else {
      openedStore(flags);
      const chosen = Object.fromEntries(Object.entries(choice(flags)).filter(([, value]) => value !== undefined)) as Record<string, string | number>;
      await changeFile(flags, 'replayLetters', () => ({ ...chosen, ...done }), () => {
        const store = openSiteStore({ dataDir: flags.data, id: siteId(flags), keyFile: flags.keyFile, withVault: true });
        try {
          const bar = progress('replay');
          for (const { replayed, left } of replayLetters(store.ingest, choice(flags), Date.now())) {
            done = { replayed, left };
            bar.at(replayed + left);
          }
          bar.done(`${(done.replayed + done.left).toLocaleString('en')} letters`);
        } finally {
          store.close();
        }
      });
    }
    process.stdout.write(flags.json ? `${JSON.stringify(done)}\n` : `${done.replayed} replayed, ${done.left} stay dead letters\n`);
  });

/** `vigil dead-letters list|replay`: what was refused, and trying it again. */
export const deadLettersCommand = new Command('dead-letters')
  .description('refused messages: list them, or apply them again after a fix')
  .addCommand(list, { isDefault: true })
  .addCommand(replay)
  .addHelpText('after', '\nOnly one process writes to a store: give --core while a core runs on it.\nExit codes: 0 done, 1 failed, 2 usage.');
