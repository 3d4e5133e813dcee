import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { withServeFlags, type ServeFlags } from '#core/options.ts';
import { serve } from './serve.ts';

interface DemoFlags extends ServeFlags {
  to?: string;
  days: number;
}

/** `vigil demo`: the simulated hospital, live on a broker with its wall, or as a file of events. */
export const demoCommand = withServeFlags(new Command('demo'), { data: join(tmpdir(), 'vigil-demo') })
  .description('simulate a hospital of 612 beds: publish its events to a broker and serve its wall, or write them to a file')
  .option('--to <file>', 'write events as NDJSON (.gz, - for stdout) as fast as possible instead of publishing them')
  .option('--days <n>', 'with --to: days to simulate', Number, 1)
  .addHelpText('after', '\nScenarios: analyser-outage, evs-shortage, feed-outage, mass-casualty, or-overrun, winter-surge, or a file.\nExit codes: 0 ended, 1 failed, 2 usage.')
  .action(async (flags: DemoFlags) => {
    if (flags.to !== undefined) return (await import('./demo-file.ts')).writeDemo(flags.to, flags.days, flags);
    await serve({ ...flags, demo: true });
  });
