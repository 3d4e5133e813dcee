import { Command } from 'commander';
import { computeFormula } from '#core/metrics/compute-formula.ts';
import { CommandError, EXIT } from './exit.ts';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`--input is not JSON: ${(error as Error).message}`, EXIT.usage);
  }
}

/** `vigil metric ID --input JSON`: one formula of the metric library on given numbers. */
export const metricCommand = new Command('metric')
  .description('compute one formula of the metric library on given input')
  .argument('<id>', 'metric id, for example ed.nedocs')
  .requiredOption('--input <json>', 'the input, for example \'{"edPatients":35,...}\'')
  .option('--json', 'answer as JSON (the default)')
  .action((id: string, { input }: { input: string }) => {
    process.stdout.write(`${JSON.stringify(computeFormula(id, parse(input)))}\n`);
  });
