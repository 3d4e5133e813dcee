import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { parse as parseYaml } from 'yaml';
import { siteConfigSchema } from '#shared/site.ts';
import { importTable, type ImportSummary } from '#core/feeds/table/import-table.ts';
import { loadMapping, shippedMappings } from '#core/feeds/table/mapping-file.ts';
import { StrictStop, type BadRow } from '#core/feeds/table/problems.ts';
import { isZone } from '#core/feeds/table/times.ts';
import { CommandError, EXIT } from './exit.ts';
import { checkReadable } from './lines.ts';
import { NdjsonFile } from './ndjson-file.ts';
import { progress } from './progress.ts';

interface Flags {
  map: string;
  output: string;
  strict?: true;
  tenant: string;
  site: string;
  instance?: string;
  zone?: string;
  with: Record<string, string>;
  rebaseOnto?: string;
  spreadDays?: number;
  beds?: string;
  json?: true;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const SHOWN_BAD_ROWS = 20;

const usage = (message: string): never => {
  throw new InvalidArgumentError(message);
};
const name = (text: string) => (NAME.test(text) ? text : usage('letters, digits, ".", "_" and "-", up to 64.'));
const zone = (text: string) => (isZone(text) ? text : usage('give an IANA time zone such as Europe/Amsterdam.'));
const day = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : usage('give a day as yyyy-MM-dd.'));
const positive = (text: string) => (/^[1-9]\d{0,4}$/.test(text) ? Number(text) : usage('give a whole number of days.'));
function pair(text: string, before: Record<string, string>): Record<string, string> {
  const cut = text.indexOf('=');
  if (cut < 1 || cut === text.length - 1) usage('give NAME=FILE.');
  return { ...before, [text.slice(0, cut)]: text.slice(cut + 1) };
}

async function bedsOf(path: string | undefined): Promise<Record<string, readonly string[]> | undefined> {
  if (!path) return undefined;
  const result = siteConfigSchema.safeParse(parseYaml(await readFile(path, 'utf8')));
  if (!result.success) throw new CommandError(`${path}: ${result.error.issues[0]!.path.join('.')}: ${result.error.issues[0]!.message}`);
  return Object.fromEntries(result.data.units.map((unit) => [unit.id, unit.beds]));
}

function report(summary: ImportSummary): string {
  const lines = [`${summary.rows} rows, ${summary.events} events, ${summary.badRows} bad rows (${summary.mapping})`];
  if (summary.from) lines.push(`from ${summary.from} to ${summary.to}`);
  for (const [type, count] of Object.entries(summary.byType).sort()) lines.push(`  ${String(count).padStart(9)}  ${type}`);
  if (summary.constructed > 0) lines.push(`${summary.constructed} events are marked constructed`);
  for (const [reason, count] of Object.entries(summary.skipped).sort()) lines.push(`skipped ${count} rows: ${reason}`);
  return lines.join('\n');
}

async function run(input: string, flags: Flags): Promise<void> {
  if (input === '-') throw new CommandError('import reads a file, not standard input: a table is looked at more than once');
  checkReadable(input);
  const { mapping, file } = loadMapping(flags.map);
  const beds = await bedsOf(flags.beds);
  let shown = 0;
  const onBadRow = (row: BadRow) => {
    if (++shown <= SHOWN_BAD_ROWS) process.stderr.write(`${row.file}:${row.line}: ${row.reason}\n`);
    else if (shown === SHOWN_BAD_ROWS + 1) process.stderr.write('further bad rows are counted, not shown\n');
  };
  const output = await NdjsonFile.open(flags.output);
  const shownProgress = progress('rows read');
  try {
    const summary = await importTable(
      {
        mapping, mappingFile: file, input, beds, onBadRow,
        tenant: flags.tenant, site: flags.site, instance: flags.instance, zone: flags.zone, with: flags.with, strict: flags.strict,
        rebase: { onto: flags.rebaseOnto, spreadDays: flags.spreadDays },
        onProgress: (rows) => shownProgress.at(rows),
      },
      (event) => output.write(JSON.stringify(event)),
    );
    await output.close();
    for (const warning of summary.warnings) process.stderr.write(`note: ${warning}\n`);
    const answer = flags.json ? JSON.stringify(summary) : report(summary);
    (flags.output === '-' ? process.stderr : process.stdout).write(`${answer}\n`);
  } catch (error) {
    await output.abandon();
    if (error instanceof StrictStop) throw new CommandError('stopped at the first bad row, nothing was written (--strict)', EXIT.partly);
    throw error;
  }
}

const HELP = `
Bad rows are reported on stderr with file, line and reason, and the import goes on; --strict stops at the first.
With -o FILE the summary goes to stdout; with -o - the events go to stdout and the summary to stderr.
Mappings that come with Vigil: ${shippedMappings().join(', ')}.

Exit codes: 0 finished (bad rows, if any, are in the summary), 1 failed, 2 wrong usage, 3 stopped by --strict.`;

export const importCommand = new Command('import')
  .description('turn a delimited table (.gz too) into events by a mapping file')
  .argument('<input>', 'table with a header line')
  .requiredOption('--map <file|name>', 'mapping file, or the name of one that comes with Vigil')
  .requiredOption('-o, --output <file>', 'NDJSON of events; "-" for stdout; a name ending in .gz is packed')
  .option('--strict', 'stop at the first bad row')
  .option('--tenant <name>', 'tenant of the events', name, 'local')
  .option('--site <name>', 'site of the events', name, 'main')
  .option('--instance <name>', "last part of the events' source (default: from the mapping)", name)
  .option('--zone <zone>', "time zone of the table's times (default: from the mapping)", zone)
  .option('--with <name=file>', 'file of a joined table, where it is not beside the input; repeatable', pair, {})
  .option('--rebase-onto <day>', 'move each case by whole days so that its anchor falls on this day', day)
  .option('--spread-days <n>', 'with --rebase-onto: spread anchors over n days up to that day', positive)
  .option('--beds <site.yaml>', 'site document that names the beds of each unit, for constructed beds')
  .option('--json', 'summary as one JSON object')
  .addHelpText('after', HELP)
  .action(run);
