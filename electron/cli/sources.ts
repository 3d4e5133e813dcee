import { Command, InvalidArgumentError } from 'commander';
import { SOURCES } from '#shared/events/envelope.ts';
import type { SourceRecord, Trouble } from '#shared/sources.ts';
import { instanceName, sourceTroubles } from '#core/domain/sources/trouble.ts';
import type { Decision } from '#core/store/ingest.ts';
import { openForReading } from '#core/store/open.ts';
import { newestEventTime } from '#core/store/read-house.ts';
import { storedSiteConfig } from '#core/store/site-config.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { readSources, sourceUri } from '#core/store/sources.ts';
import { changeFile } from './access-file.ts';
import { CommandError, EXIT } from './exit.ts';
import { askCore, CORE_FLAG, CoreRefusal, requestCore } from './running-core.ts';
import { openedStore, parseTime, siteId, withStore, type StoreFlags } from './store-options.ts';

interface SourcesFlags extends StoreFlags {
  keyFile?: string;
  core?: string;
  json?: boolean;
  at?: string;
  title?: string;
  every?: number;
  silence?: number;
  expected?: number;
}

function number(text: string): number {
  const value = Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError('a number, 0 or more');
  return value;
}

/** Kind and instance of `ehr/epic-1`. */
function named(name: string): { kind: string; instance: string } {
  const [kind, instance, ...more] = name.split('/');
  if (!kind || !instance || more.length > 0 || !(SOURCES as readonly string[]).includes(kind)) {
    throw new CommandError(`"${name}" names no source; write kind/instance such as ehr/epic-1, where kind is one of ${SOURCES.join(', ')}`, EXIT.usage);
  }
  return { kind, instance };
}

const withCore = (command: Command) => withStore(command).option('--key-file <file>', 'secret of the site').option(...CORE_FLAG).option('--json', 'answer as JSON');

const OPS = '/api/v1/ops/event-sources';

/** Says in the running core what a source is held to; one that is not known there is made known. */
async function registerByCore(core: string, flags: SourcesFlags, name: string, held: object): Promise<void> {
  const path = `${OPS}/${name}`;
  const tag = await requestCore(core, flags, path).then(
    (read) => read.tag,
    (error: unknown) => {
      if (error instanceof CoreRefusal && error.status === 404) return null;
      throw error;
    },
  );
  await requestCore(core, flags, path, { method: 'PUT', body: held, headers: tag === null ? { 'if-none-match': '*' } : { 'if-match': tag } });
}

/** Decides about a source, by the running core or in the store itself; with no core, what waited folds at once. */
async function decide(name: string, flags: SourcesFlags, byCore: (core: string) => Promise<unknown>, decision: Decision): Promise<void> {
  const { kind, instance } = named(name);
  const uri = sourceUri(siteId(flags), kind, instance);
  let drained = 0;
  if (flags.core) await byCore(flags.core);
  else {
    openedStore(flags);
    const action = decision === 'accept' ? 'acceptSource' : decision === 'refuse' ? 'refuseSource' : 'registerSource';
    await changeFile(flags, action, { kind, instance }, () => {
      const store = openSiteStore({ dataDir: flags.data, id: siteId(flags), keyFile: flags.keyFile, withVault: true });
      try {
        const now = Date.now();
        if (!store.ingest.decide(uri, decision, now)) throw new CommandError(`no source ${name} has been heard or registered; vigil sources list --data ${flags.data} shows those that have`);
        for (let step = store.ingest.drain(now); step; step = store.ingest.drain(now)) drained += step.accepted;
      } finally {
        store.close();
      }
    });
  }
  const state = decision === 'refuse' ? 'refused' : 'registered';
  process.stdout.write(flags.json ? `${JSON.stringify({ source: name, state, drained })}\n` : `${name} ${state}${drained > 0 ? `, ${drained} waiting events folded` : ''}\n`);
}

const list = withStore(new Command('list'))
  .description('every source with what it is held to, how it does and what is wrong')
  .option('--at <time>', 'ISO 8601 time at which silence is judged; now unless given')
  .option('--json', 'answer as JSON')
  .action((flags: SourcesFlags) => {
    const db = openForReading(openedStore(flags).log);
    try {
      const site = storedSiteConfig(db, siteId(flags));
      const at = flags.at === undefined ? Math.max(Date.now(), newestEventTime(db) ?? 0) : parseTime(flags.at);
      const sources = readSources(db).map((record) => ({ ...record, troubles: sourceTroubles(record, site, at) }));
      if (flags.json) process.stdout.write(`${JSON.stringify(sources)}\n`);
      else for (const source of sources) process.stdout.write(`${line(source)}\n`);
    } finally {
      db.close();
    }
  });

function line(source: SourceRecord & { troubles: Trouble[] }): string {
  const { state, accepted, duplicates, refused, waiting, held, overflowed, lastContact, lagMs, smoothedLagMs, expectedPerHour } = source;
  const counts = Object.entries({ accepted, duplicates, refused, waiting, held, overflowed }).filter(([name, n]) => n > 0 || name === 'accepted').map(([name, n]) => `${n} ${name}`);
  const lag = lagMs === null ? '' : `, lag ${(lagMs / 1_000).toFixed(1)} s (smoothed ${((smoothedLagMs ?? lagMs) / 1_000).toFixed(1)} s)`;
  const heard = lastContact === null ? 'never heard' : `last heard ${new Date(lastContact).toISOString()}`;
  const wrong = source.troubles.map(({ state: name, detail }) => `\n     ${name}: ${detail}`).join('');
  return `${instanceName(source)}  ${state}  ${counts.join(', ')}; ${heard}${lag}${expectedPerHour === null ? '' : `; ${expectedPerHour}/h expected`}${wrong}`;
}

const register = withCore(new Command('register'))
  .description('make a source known before it is heard, or say what it is held to')
  .argument('<source>', 'kind/instance, for example ehr/epic-1')
  .option('--title <text>', 'short name for the footer of the walls')
  .option('--every <seconds>', 'an event or heartbeat at least this often', number)
  .option('--silence <seconds>', 'after this silence it counts as lost', number)
  .option('--expected <per hour>', 'events an hour that are expected', number)
  .action(async (name: string, flags: SourcesFlags) => {
    const held = { title: flags.title, intervalSeconds: flags.every, silenceLimitSeconds: flags.silence, expectedPerHour: flags.expected };
    await decide(name, flags, (core) => registerByCore(core, flags, name, held), { by: 'person', ...held });
  });

const decision = (word: 'accept' | 'refuse', does: string) =>
  withCore(new Command(word))
    .description(does)
    .argument('<source>', 'kind/instance, for example ehr/epic-1')
    .action((name: string, flags: SourcesFlags) => decide(name, flags, (core) => askCore(core, flags, `${OPS}/${name}/${word}`, {}), word));

/** `vigil sources list|register|accept|refuse`: the systems that publish to a site. */
export const sourcesCommand = new Command('sources')
  .description('the systems that publish to a site: list, register, accept, refuse')
  .addCommand(list, { isDefault: true })
  .addCommand(register)
  .addCommand(decision('accept', 'let a source speak: what waited in quarantine folds in order of arrival'))
  .addCommand(decision('refuse', 'silence a source: what waited and what comes are dead letters with the reason'))
  .addHelpText('after', '\nOnly one process writes to a store: give --core while a core runs on it.\nExit codes: 0 done, 1 failed, 2 usage.');
