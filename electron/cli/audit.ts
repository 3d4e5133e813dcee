import { Command } from 'commander';
import type { AuditedEntry } from '#shared/api/audit.ts';
import { onAccessFile, time, withAccess, type AccessFlags } from './access-file.ts';
import { EXIT } from './exit.ts';
import { parseTime } from './store-options.ts';

interface ListFlags extends AccessFlags {
  from?: string;
  to?: string;
  action?: string;
  actor?: string;
  limit: number;
}

const line = ({ seq, time: at, actor, action, outcome, subject }: AuditedEntry): string =>
  `${seq}\t${time(at)}\t${actor.kind} ${actor.name} (${actor.from})\t${action}\t${outcome}\t${Object.entries(subject).map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(' ')}\n`;

const list = withAccess(new Command('list'))
  .description('who did what, the newest first')
  .option('--from <time>', 'ISO 8601 time')
  .option('--to <time>', 'ISO 8601 time')
  .option('--action <name>', 'of one operation, such as createUser')
  .option('--actor <name>', 'of one user or token')
  .option('--limit <n>', 'at most', Number, 100)
  .action(async ({ from, to, action, actor, limit, ...flags }: ListFlags) => {
    const entries = await onAccessFile(flags, (store) => store.listAudit({ from: from === undefined ? undefined : parseTime(from), to: to === undefined ? undefined : parseTime(to), action, actor, limit }));
    process.stdout.write(flags.json ? `${JSON.stringify(entries)}\n` : entries.map(line).join(''));
  });

const exported = withAccess(new Command('export'))
  .description('the whole trail as NDJSON with its hashes, the oldest first')
  .action((flags: AccessFlags) =>
    onAccessFile(flags, async (store) => {
      for (const entry of store.allAudit()) if (!process.stdout.write(`${JSON.stringify(entry)}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    }),
  );

const verify = withAccess(new Command('verify'))
  .description('read the trail through; names the first row that was edited, removed, moved or put in')
  .option('--head <seq:hash>', 'a head that was noted earlier: finds a trail that was taken back whole')
  .action(async ({ head, ...flags }: AccessFlags & { head?: string }) => {
    const verdict = await onAccessFile(flags, (store) => store.verifyAudit(head));
    if (flags.json) process.stdout.write(`${JSON.stringify(verdict)}\n`);
    const forgotten = verdict.forgotten ? `; those up to ${verdict.forgotten.upTo} were forgotten by ${time(verdict.forgotten.at)}, as the site keeps the trail for ${verdict.forgotten.days} days` : '';
    if (!flags.json) process.stdout.write(verdict.fault ? `NOT as it was written: ${verdict.fault.detail} (${verdict.rows} rows before are in order)\n` : `${verdict.rows} rows, all as they were written${forgotten}; the trail stands at ${verdict.head}\n`);
    if (!verdict.ok) process.exitCode = EXIT.failed;
  });

/** `vigil audit list|export|verify`: the trail of who did what. */
export const auditCommand = new Command('audit').description('the audit trail: list, export, verify').addCommand(list, { isDefault: true }).addCommand(exported).addCommand(verify)
  .addHelpText('after', '\nReads the file itself, also while a core runs on it.\nExit codes: 0 done, 1 failed or not as it was written, 2 usage.');
