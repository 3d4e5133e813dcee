import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { lookAtBroker, type Finding } from '#core/mqtt/findings.ts';
import { newestBaseline } from '#core/store/baselines.ts';
import { openForReading } from '#core/store/open.ts';
import { storeFiles } from '#core/store/paths.ts';
import { newestEventTime } from '#core/store/read-house.ts';
import { brokerKeys, brokerLogin, withBrokerTls, type BrokerTlsFlags } from './broker-options.ts';
import { CommandError, EXIT } from './exit.ts';

interface DoctorFlags extends BrokerTlsFlags {
  data?: string;
  tenant: string;
  site: string;
  json?: boolean;
}

const LOW_DISK_BYTES = 1024 ** 3;

/** `vigil doctor`: looks at machine, store and broker, and says what to do about what it finds. */
export const doctorCommand = withBrokerTls(new Command('doctor'))
  .description('look at this machine, a store and a broker, and say what to do')
  .option('--data <dir>', 'directory of a store to look at')
  .option('--tenant <name>', 'organisation', 'local')
  .option('--site <name>', 'hospital or clinic', 'main')
  .option('--broker <url>', 'broker to look at, for example mqtt://127.0.0.1:1883')
  .option('--json', 'answer as JSON')
  .addHelpText('after', '\nExit codes: 0 all well, 1 something is not, 2 usage.')
  .action(async (flags: DoctorFlags) => {
    const keys = brokerKeys(flags);
    const findings = [runtime(), ...(flags.data ? lookAtStore(flags.data, flags) : []), ...(flags.broker ? await lookAtBroker(brokerLogin(flags.broker), keys) : [])];
    if (flags.json) process.stdout.write(`${JSON.stringify({ findings })}\n`);
    else for (const { what, ok, found, advice } of findings) process.stdout.write(`${ok ? 'ok  ' : 'BAD '} ${what}: ${found}${advice ? `\n     -> ${advice}` : ''}\n`);
    const bad = findings.filter(({ ok }) => !ok).length;
    if (bad > 0) throw new CommandError(`${bad} of ${findings.length} findings need care`, EXIT.failed);
  });

function runtime(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const ok = major >= 22;
  return { what: 'runtime', ok, found: `Node ${process.versions.node} on ${process.platform} ${process.arch}`, ...(ok ? {} : { advice: 'Run it by "npm run vigil -- ...", which brings Node 24.' }) };
}

function lookAtStore(dataDir: string, id: { tenant: string; site: string }): Finding[] {
  const { log } = storeFiles(dataDir, id);
  const findings: Finding[] = [disk(dataDir)];
  if (!existsSync(log)) {
    return [...findings, { what: 'store', ok: false, found: `none of ${id.tenant}/${id.site} in ${dataDir}`, advice: `vigil load FILE --data ${dataDir}, or vigil serve --data ${dataDir}` }];
  }
  const db = openForReading(log);
  try {
    const verdict = db.pragma('quick_check(1)', { simple: true }) as string;
    findings.push({ what: 'integrity', ok: verdict === 'ok', found: verdict, ...(verdict === 'ok' ? {} : { advice: 'Set the file aside and restore a backup.' }) });
    const { events } = db.prepare('SELECT COUNT(*) AS events FROM ops_event').get() as { events: number };
    const newest = newestEventTime(db);
    const baseline = newestBaseline(db);
    findings.push({ what: 'log', ok: true, found: `${events} events${newest === undefined ? '' : `, newest ${new Date(newest).toISOString()}`}${baseline ? `, baseline of ${new Date(baseline.horizon).toISOString()}` : ''}` });
    const letters = db.prepare('SELECT reason, COUNT(*) AS n FROM dead_letter WHERE replayed IS NULL GROUP BY reason ORDER BY n DESC').all() as { reason: string; n: number }[];
    findings.push({ what: 'dead letters', ok: letters.length === 0, found: letters.map(({ reason, n }) => `${n} ${reason}`).join(', ') || 'none', ...(letters.length === 0 ? {} : { advice: 'Look at what the sources send: the dead_letter table names field and reason.' }) });
  } finally {
    db.close();
  }
  return findings;
}

function disk(dataDir: string): Finding {
  let dir = resolve(dataDir);
  while (!existsSync(dir)) dir = dirname(dir);
  try {
    accessSync(dir, constants.W_OK);
  } catch {
    return { what: 'disk', ok: false, found: `${dir} is not writable`, advice: 'Choose another --data, or change its owner.' };
  }
  const { bavail, bsize } = statfsSync(dir);
  const free = bavail * bsize;
  const ok = free > LOW_DISK_BYTES;
  return { what: 'disk', ok, found: `${(free / 1024 ** 3).toFixed(1)} GiB free in ${dir}`, ...(ok ? {} : { advice: 'Free some: a full disk stops ingest until there is room again.' }) };
}
