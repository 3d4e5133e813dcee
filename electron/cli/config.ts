import { Command, InvalidArgumentError } from 'commander';
import { parse, stringify } from 'yaml';
import { API_BASE } from '#shared/api/operation.ts';
import { bundleSchema } from '#shared/api/config.ts';
import { differences, type Difference } from '#shared/config/difference.ts';
import { edited, NoSuchPlace } from '#shared/config/edit.ts';
import { siteJsonSchema } from '#shared/config/json-schema.ts';
import type { SiteDocument } from '#shared/config/settings.ts';
import { wholeOf } from '#shared/config/whole.ts';
import type { Json } from '#shared/json.ts';
import { stationJsonSchema } from '#shared/station.ts';
import { openForReading, type Db } from '#core/store/open.ts';
import { propose } from '#core/store/site-changes.ts';
import { changeSite, siteChanges, siteVersion, siteVersionAt, storedSiteConfig, type SiteVersion } from '#core/store/site-config.ts';
import { parseFile, tellFault } from '#core/store/site-file.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { changeFile, onAccessFile, personHere, withAccess, type AccessFlags } from './access-file.ts';
import { CommandError, EXIT } from './exit.ts';
import { CORE_FLAG, requestCore } from './running-core.ts';
import { openedStore, siteId, withStore, type StoreFlags } from './store-options.ts';

interface ReadFlags extends StoreFlags {
  json?: boolean;
  version?: number;
  inForce?: boolean;
  limit: number;
}

interface ChangeFlags extends StoreFlags {
  why: string;
  core?: string;
  keyFile?: string;
  json?: boolean;
}

type Changed = { version: number; changes: readonly Difference[] };

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
}

const reading = <T>(flags: StoreFlags, work: (db: Db) => T): T => {
  const db = openForReading(openedStore(flags).log);
  try {
    return work(db);
  } finally {
    db.close();
  }
};

function versionOf(db: Db, version: number): SiteVersion {
  const found = siteVersionAt(db, version);
  if (!found) throw new CommandError(`there is no version ${version}; vigil config history lists them`, EXIT.usage);
  return found;
}

/** Puts a document in force in a store on which no core runs. */
function changeDirectly(flags: ChangeFlags, action: string, make: (db: Db, now: SiteVersion) => SiteDocument): Promise<Changed> {
  openedStore(flags);
  const id = siteId(flags);
  return changeFile(flags, action, ({ version, changes }: Changed) => ({ why: flags.why, version, changes: changes.length }), () => {
    const { db, close } = openSiteStore({ dataDir: flags.data, id, keyFile: flags.keyFile, withVault: false });
    try {
      const now = siteVersion(db);
      const proposal = propose(id, now, make(db, now));
      if (!proposal.ok) throw new CommandError(proposal.faults.map((fault) => tellFault('refused', fault)).join('\n'));
      if (proposal.changes.length === 0) return { version: now.version, changes: [] };
      return { version: changeSite(db, id, { ...proposal.change, at: Date.now(), who: personHere(), why: flags.why }), changes: proposal.changes };
    } finally {
      close();
    }
  });
}

/** Asks the running core for a change of what is in force there now. */
async function changeByCore(core: string, flags: ChangeFlags, ask: (document: SiteDocument) => { method: string; path: string; body: object }): Promise<Changed> {
  const { answer, tag } = await requestCore<{ document: SiteDocument }>(core, flags, `${API_BASE}/config`);
  const { method, path, body } = ask(answer.document);
  return (await requestCore<Changed>(core, flags, API_BASE + path, { method, headers: { 'if-match': tag! }, body: { ...body, why: flags.why } })).answer;
}

function tell(flags: { json?: boolean }, { version, changes }: Changed): void {
  if (flags.json) process.stdout.write(`${JSON.stringify({ version, changes })}\n`);
  else process.stdout.write(changes.length === 0 ? `nothing to change; version ${version} stays in force\n` : `${lines(changes)}version ${version} is in force\n`);
}

const lines = (changes: readonly Difference[]) => changes.map(({ path, before, after }) => `${path || '/'}: ${shown(before)} -> ${shown(after)}\n`).join('');
const shown = (value: unknown) => (value === undefined ? '(default)' : JSON.stringify(value));

const withChange = (command: Command) => withStore(command).requiredOption('--why <text>', 'why, for the history').option('--key-file <file>', 'secret of the site').option(...CORE_FLAG).option('--json', 'answer as JSON');
const reader = (name: string, does: string) => withStore(new Command(name)).description(does).option('--json', 'answer as JSON');

const show = reader('show', 'the site document as it was said, YAML')
  .option('--version <n>', 'as that change left it', wholeNumber)
  .option('--in-force', 'with everything that is by default')
  .action((flags: ReadFlags) => {
    const document = reading(flags, (db) => (flags.inForce ? storedSiteConfig(db, siteId(flags)) : flags.version === undefined ? siteVersion(db).document : versionOf(db, flags.version).document));
    process.stdout.write(flags.json ? `${JSON.stringify(document)}\n` : stringify(document));
  });

const history = reader('history', 'who changed the site document, when and why; the newest first')
  .option('--limit <n>', 'so many at most', wholeNumber, 50)
  .action((flags: ReadFlags) => {
    const changes = reading(flags, (db) => siteChanges(db, flags));
    if (flags.json) process.stdout.write(`${JSON.stringify(changes)}\n`);
    else for (const { version, at, who, why } of changes) process.stdout.write(`${version}  ${new Date(at).toISOString()}  ${who}  ${why}\n`);
  });

const diff = reader('diff', 'where two versions differ')
  .argument('<from>', 'number of a version', wholeNumber)
  .argument('[to]', 'number of another; the one in force unless given', wholeNumber)
  .action((from: number, to: number | undefined, flags: ReadFlags) => {
    const changes = reading(flags, (db) => differences(versionOf(db, from).document, (to === undefined ? siteVersion(db) : versionOf(db, to)).document));
    process.stdout.write(flags.json ? `${JSON.stringify(changes)}\n` : lines(changes));
  });

const set = withChange(new Command('set'))
  .description('change one setting, or a place within it')
  .argument('<place>', 'key of a setting such as or.expectedTurnoverMinutes; within it by slashes: units/4E/name, thresholds/ed.census/warn')
  .argument('[value]', 'YAML; without it the place goes, and a setting is as by default')
  .action(async (place: string, text: string | undefined, flags: ChangeFlags) => {
    const value = text === undefined ? undefined : (parse(text) as Json);
    const edit = (document: SiteDocument) => {
      try {
        return edited(document, place, value);
      } catch (error) {
        throw error instanceof NoSuchPlace ? new CommandError(error.message, EXIT.usage) : error;
      }
    };
    tell(flags, flags.core ? await changeByCore(flags.core, flags, (document) => ({ method: 'PUT', path: '/config', body: { document: edit(document) } })) : await changeDirectly(flags, 'putConfig', (_, now) => edit(now.document)));
  });

const rollback = withChange(new Command('rollback'))
  .description('put an earlier version in force again, as a new change')
  .argument('<version>', 'its number', wholeNumber)
  .action(async (version: number, flags: ChangeFlags) => {
    tell(flags, flags.core ? await changeByCore(flags.core, flags, () => ({ method: 'POST', path: '/config/rollback', body: { version } })) : await changeDirectly(flags, 'rollbackConfig', (db) => versionOf(db, version).document));
  });

const exported = withAccess(new Command('export'))
  .description('the configuration, to be kept or carried to another site (JSON)')
  .option('--whole', 'with every account, by name and roles, without secrets')
  .action(async (flags: AccessFlags & { whole?: boolean }) => {
    const { version, document } = reading(flags, siteVersion);
    const bundle = flags.whole ? wholeOf(siteId(flags), document, await onAccessFile(flags, (store) => store.listUsers())) : { format: 'vigil-configuration/1', ...siteId(flags), version, document };
    process.stdout.write(`${JSON.stringify(bundle, null, 2)}\n`);
  });

const imported = withChange(new Command('import'))
  .description('put an exported configuration in force, or a site document (YAML or JSON); tenant and site stay')
  .argument('<file>')
  .action(async (file: string, flags: ChangeFlags) => {
    const read = parseFile(file);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new CommandError(`${file} holds no table of settings`, EXIT.usage);
    const bundle = bundleSchema.safeParse(read);
    const document = { ...(bundle.success ? bundle.data.document : read), ...siteId(flags) } as SiteDocument;
    tell(flags, flags.core ? await changeByCore(flags.core, flags, () => ({ method: 'PUT', path: '/config', body: { document } })) : await changeDirectly(flags, 'importConfig', () => document));
  });

const schema = new Command('schema').description('JSON Schema of the site document, for editors').option('--station', 'of station.yaml instead').action(({ station }: { station?: boolean }) => {
  process.stdout.write(`${JSON.stringify(station ? stationJsonSchema() : siteJsonSchema(), null, 2)}\n`);
});

/** `vigil config show|history|diff|set|rollback|export|import|schema`: the site document and its changes. */
export const configCommand = new Command('config').description('the site document: show, change, compare, take back, carry elsewhere');
for (const command of [show, history, diff, set, rollback, exported, imported, schema]) configCommand.addCommand(command);
configCommand.addHelpText('after', '\nOnly one process writes to a store: give --core while a core runs on it.\nExit codes: 0 done, 1 failed, 2 usage.');
