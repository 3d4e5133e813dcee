#!/usr/bin/env node
import { VERSION } from '#core/version.ts';
import { leaveNothingPersonal } from '#core/crash.ts';
import { Command, CommanderError } from 'commander';
import { MetricError } from '#core/metrics/errors.ts';
import { CommandError, EXIT } from './exit.ts';

/** Commands load when they are asked for: `vigil --help` need not open SQLite or MQTT. */
const commands: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./serve.ts')).serveCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  publish: async () => (await import('./publish.ts')).publishCommand,
  import: async () => (await import('./import.ts')).importCommand,
  load: async () => (await import('./load.ts')).loadCommand,
  rebuild: async () => (await import('./rebuild.ts')).rebuildCommand,
  trim: async () => (await import('./trim.ts')).trimCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  state: async () => (await import('./state.ts')).stateCommand,
  query: async () => (await import('./query.ts')).queryCommand,
  series: async () => (await import('./series.ts')).seriesCommand,
  snapshots: async () => (await import('./snapshots.ts')).snapshotsCommand,
  refresh: async () => (await import('./refresh.ts')).refreshCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  history: async () => (await import('./history.ts')).historyCommand,
  metric: async () => (await import('./metric.ts')).metricCommand,
  config: async () => (await import('./config.ts')).configCommand,
  sources: async () => (await import('./sources.ts')).sourcesCommand,
  'dead-letters': async () => (await import('./dead-letters.ts')).deadLettersCommand,
  user: async () => (await import('./user.ts')).userCommand,
  token: async () => (await import('./token.ts')).tokenCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
};

async function program(asked: string | undefined): Promise<Command> {
  const vigil = new Command('vigil').description('Vigil: live, honest walls from the events of a hospital').version(VERSION);
  const known = asked !== undefined && Object.hasOwn(commands, asked);
  for (const load of known ? [commands[asked]!] : Object.values(commands)) vigil.addCommand(await load());
  const strict = (command: Command): void => {
    command.exitOverride();
    command.commands.forEach(strict);
  };
  strict(vigil);
  return vigil;
}

/** Runs one command line; sets the exit code. */
async function run(argv: readonly string[]): Promise<void> {
  try {
    await (await program(argv[2])).parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else {
      process.stderr.write(`vigil: ${(error as Error).message}\n`);
      process.exitCode = error instanceof CommandError ? error.code : error instanceof MetricError ? EXIT.usage : EXIT.failed;
    }
  }
}

leaveNothingPersonal((line) => process.stderr.write(`vigil: ${line}\n`));
// A reader that closes the pipe early (head, less) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});
await run(process.argv);
