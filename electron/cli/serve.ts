import { Command } from 'commander';
import { withServeFlags, type ServeFlags } from '#core/options.ts';
import { startCore } from '#core/start.ts';
import { EXIT } from './exit.ts';

const log = (line: string) => process.stderr.write(`vigil: ${line}\n`);

/** `vigil serve`: the core without a desktop, with the wall for browsers. */
export const serveCommand = withServeFlags(new Command('serve'))
  .description('run the core headless: take events from a broker, keep the store, serve the wall to browsers')
  .action((flags: ServeFlags) => serve(flags));

/** Runs a core in this process. Ends on SIGTERM or SIGINT; a replay starts over. */
export async function serve(flags: ServeFlags): Promise<void> {
  let serving = false;
  const stop = new Promise<'stop'>((resolve) => {
    // A start that hangs, on a disk that does not answer, must not outlive the signal.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => (serving ? resolve('stop') : process.exit(EXIT.failed)));
  });
  for (;;) {
    const core = await startCore(flags, log);
    serving = true;
    if (core.developmentKey) log('pseudonyms are made with the development key: no real patients in this store');
    process.stdout.write(`wall  ${core.wall}\nmqtt  ${core.mqtt}\n`);
    const why = await Promise.race([stop, core.ended.then(() => 'ended' as const)]).finally(() => core.close());
    if (why === 'stop') return;
    serving = false;
    log('the recorded day is over; starting again');
  }
}
