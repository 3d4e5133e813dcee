import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { API_BASE } from '#shared/api/operation.ts';
import { SNAPSHOT_FAMILIES } from '#shared/snapshots/families.ts';
import type { AccessStore } from '#core/access/access-store.ts';
import type { PageAsked } from '#core/exports/asked.ts';
import { exportFile } from '#core/exports/file.ts';
import { exportPage } from '#core/exports/page.ts';
import { siteTimes } from '#core/exports/site-times.ts';
import { TOKENS, USERS, wholePage } from '#core/exports/whole.ts';
import { openForReading, type Db } from '#core/store/open.ts';
import { storedSiteConfig } from '#core/store/site-config.ts';
import { byPerson, onAccessFile, withCore, type AccessFlags } from './access-file.ts';
import { askedList, asQuery, LISTS, OPERATION, withListFlags, type Asked, type ListFlags } from './export-asked.ts';
import { CommandError, EXIT } from './exit.ts';
import { progress } from './progress.ts';
import { answerOf } from './running-core.ts';
import { openedStore, siteId } from './store-options.ts';

interface ExportFlags extends AccessFlags, ListFlags {
  out?: string;
}

const families = SNAPSHOT_FAMILIES.map(({ name }) => name);

/** `vigil export LIST --data DIR`: a list or trend as a file for spreadsheets; it leaves an entry in the audit trail. */
export const exportCommand = withListFlags(withCore(new Command('export'))
  .description('write a list or a trend as CSV or XLSX')
  .argument('<list>', `${LISTS}; with --core every list of its API`)
  .option('--out <file>', 'where to; standard output unless given'))
  .addHelpText('after', `\nFamilies of snapshots: ${families.join(', ')} (kpi: the history of KPIs).\nReads beside a running core. Leaves an entry in the audit trail, which takes the key of the site, or --core.\nExit codes: 0 written, 1 failed, 2 usage, also a metric or family that does not exist.`)
  .action(async (name: string, flags: ExportFlags) => {
    const going = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => going.abort());
    await (flags.core === undefined ? fromStore(name, flags, going.signal) : fromCore(flags.core, name, flags, going.signal)).catch((error: unknown) => {
      throw going.signal.aborted ? new CommandError('ended before the file was whole; nothing of it was kept') : error;
    });
  });

/** A running core reads, and writes down who asked. */
async function fromCore(core: string, name: string, flags: ExportFlags, signal: AbortSignal): Promise<void> {
  const { body } = await answerOf(core, flags, API_BASE + asQuery(name, flags), { signal });
  const shown = progress('bytes');
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of body!) {
      shown.at((bytes += chunk.length));
      yield chunk;
    }
  };
  await leave(Readable.from(counted(), { objectMode: false }), flags.out, signal);
  shown.done(`${bytes} written`);
}

async function fromStore(name: string, flags: ExportFlags, signal: AbortSignal): Promise<void> {
  const asked = askedList(name, flags);
  const db = openForReading(openedStore(flags).log);
  try {
    await onAccessFile(flags, (access) => audited(asked, flags, access, db, signal), { make: true });
  } finally {
    db.close();
  }
}

/** The entry is on disk before a file has its name; of what went to standard output and broke off, it says how many rows had left. */
async function audited(asked: Asked, { format, bom = false, out, ...flags }: ExportFlags, access: AccessStore, db: Db, signal: AbortSignal): Promise<void> {
  const shown = progress('rows');
  let rows = 0;
  const tell = (outcome: 'done' | 'failed') => access.append([byPerson(OPERATION[asked.list], outcome, { ...asked, format, rows })]);
  const page = (question: PageAsked<Asked>) => db.transaction(() => pageOf(question, access, db, flags))();
  const stream = await exportFile({ asked, format, bom }, page, (n) => shown.at((rows = n))).catch((error: unknown) => {
    throw error instanceof RangeError ? new CommandError(error.message, EXIT.usage) : error;
  });
  try {
    await leave(stream, out, signal, () => tell('done'));
  } catch (error) {
    tell('failed');
    throw error;
  }
  shown.done(`${rows} written`);
}

function pageOf({ asked, format, place }: PageAsked<Asked>, access: AccessStore, db: Db, flags: Pick<ExportFlags, 'tenant' | 'site'>) {
  const id = siteId(flags);
  const times = () => siteTimes(storedSiteConfig(db, id).timezone);
  if (asked.list === 'users') return wholePage(USERS, access.listUsers(), format, times());
  if (asked.list === 'tokens') return wholePage(TOKENS, access.listTokens(), format, times());
  return exportPage(db, id, { asked, format, place });
}

/** Half a file is none: it gets its name once it is whole and `kept` has noted it. */
async function leave(stream: Readable, out: string | undefined, signal: AbortSignal, kept: () => unknown = () => undefined): Promise<void> {
  if (out === undefined) {
    await pipeline(stream, process.stdout, { end: false, signal });
    kept();
    return;
  }
  const part = `${out}.part`;
  try {
    await pipeline(stream, createWriteStream(part, { mode: 0o600 }), { signal });
    kept();
    await rename(part, out);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
