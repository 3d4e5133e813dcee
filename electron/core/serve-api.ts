import type { SiteConfig } from '#shared/site.ts';
import type { TroubleName } from '#shared/sources.ts';
import { AccessThread } from './access/access-thread.ts';
import { AuditDesk } from './access/audit-desk.ts';
import { keepAudit } from './access/audit-retention.ts';
import { auditSiteFile } from './access/audit-site-file.ts';
import { LocalToken } from './access/local-token.ts';
import { SetUpCode } from './access/set-up-code.ts';
import type { Listening } from './api/listening.ts';
import { startCommandApi } from './api/start.ts';
import type { StationParts } from './api/station.ts';
import type { WaitingFiles } from './api/waiting-files.ts';
import type { Clock } from './clock/clock.ts';
import type { StationHealth } from './health/station.ts';
import type { KeySource } from './ingest/site-key.ts';
import type { Join } from './join/join.ts';
import type { Hub } from './link/hub.ts';
import type { LiveSite } from './link/live-site.ts';
import { lostFeeds } from './link/lost-feeds.ts';
import type { SnapshotPace } from './link/snapshots.ts';
import { withoutPassword } from './mqtt/address.ts';
import type { OpsLive } from './ops/live.ts';
import type { Serving } from './options.ts';
import { shipped } from './shipped.ts';
import type { DroppedLetters } from './store/dead-letters.ts';
import type { KeeperThread } from './store/keeper-thread.ts';
import type { SiteId, StoreFiles } from './store/paths.ts';
import { ReaderThread } from './store/reader-thread.ts';
import type { Recovery } from './store/recover.ts';
import type { SiteFile } from './store/site-config.ts';
import type { WriterThread } from './store/writer-thread.ts';
import type { KeepSnapshots } from './tick.ts';
import { VERSION } from './version.ts';

/** What the API tells of and goes by. */
interface ServedCore {
  readonly flags: Serving;
  readonly id: SiteId;
  readonly keyFile: KeySource | undefined;
  readonly siteFile: SiteFile | undefined;
  readonly files: StoreFiles;
  readonly listening: Listening;
  readonly clock: Clock;
  readonly hub: Hub;
  readonly ops: OpsLive;
  readonly site: LiveSite;
  readonly writer: WriterThread;
  readonly keeper: KeeperThread;
  readonly health: StationHealth;
  readonly developmentKey: boolean;
  readonly recovery: Recovery | undefined;
  readonly snapshots: SnapshotPace;
  readonly keep: KeepSnapshots;
  readonly inForce: (site: SiteConfig) => void;
  readonly station: Omit<StationParts, 'facts'>;
  readonly log: (line: string) => void;
  /** What changes while the core runs. */
  readonly now: { stalled(): { state: TroubleName; message: string } | undefined; commits(): number; dropped(): DroppedLetters; joining(): Join | undefined };
}

/** Opens what answers the API beside the writer (readers, accounts, audit trail) and the API itself; puts how to close each on `opened`. */
export async function serveApi({ flags, id, keyFile, siteFile, files, listening, clock, hub, ops, site, writer, keeper, health, developmentKey, recovery, snapshots, keep, inForce, station, log, now }: ServedCore, opened: (() => unknown)[]): Promise<{ readonly url: string; readonly files: WaitingFiles }> {
  const reader = new ReaderThread({ file: files.log, id });
  opened.push(() => reader.close());
  const slow = new ReaderThread({ file: files.log, id });
  opened.push(() => slow.close());
  const access = new AccessThread({ file: files.access, id, keyFile });
  opened.push(() => access.close());
  const audit = new AuditDesk({ append: (entries) => access.call('append', entries), verify: () => access.call('verifyAudit'), forget: (days) => access.call('forgetAudit', days) }, log);
  void audit.check();
  if (flags.replay === undefined) opened.push(keepAudit(audit, () => site.house.site.retention.audit, log));
  // What stands in the way of it is told by health: the desk keeps and repeats what it could not write.
  void auditSiteFile(files.log, audit, access).catch(() => undefined);
  const local = new LocalToken(files.token);
  const code = new SetUpCode();
  opened.push(() => local.close());
  const api = await startCommandApi({
    listening,
    version: VERSION,
    hub,
    ops,
    reader,
    slow,
    local,
    access,
    audit,
    log,
    rendererDir: shipped('out/renderer'),
    running: { now: () => clock.now(), troubles: () => [...health.station, ...health.sources] },
    site: { context: () => site.context(), changes: now.commits },
    config: { id, log: files.log, file: siteFile, ask: (ask) => writer.ask(ask), inForce },
    sources: { id, ask: (ask) => writer.ask(ask), records: () => site.feeds.records, troubles: () => health.sources },
    oidc: { settings: () => site.house.site.oidc, secretDirs: [...(process.env['CREDENTIALS_DIRECTORY'] === undefined ? [] : [process.env['CREDENTIALS_DIRECTORY']]), flags.data] },
    patients: { ask: (ask) => writer.ask(ask), house: () => site.house },
    async updateSnapshots(family) {
      if (!site.whole) return undefined;
      const batch = snapshots.take(site.house, family, clock.now(), lostFeeds(site.context()));
      return (await keep(batch)) ? { at: batch.at, written: batch.taken.length } : undefined;
    },
    setUp: { code },
    station: { ...station, facts: () => ({ ...id, station: station.desk.serving.station, version: VERSION, broker: withoutPassword(station.desk.serving.broker), mqttPort: flags.mqttPort, join: flags.join ?? null, vault: flags.vault, developmentKey, file: flags.config ?? null }) },
    status: {
      health: () => ({ broker: site.broker, store: now.stalled()?.message ?? 'ok', backlog: writer.backlog, commits: now.commits(), deadLetters: site.deadLetters, dropped: now.dropped(), eventTime: site.eventTime, pages: hub.pages, clock: clock.mode, troubles: [...health.station, ...health.sources], upkeep: writer.upkeep, keeper: keeper.state, audit: audit.state, ...(now.joining() ? { join: now.joining()!.state } : {}), ...(recovery ? { recovery } : {}) }),
      lacking: () => (!site.whole ? 'what is over is still being read from the store' : now.joining()?.whole === false ? 'the log of the hub is still being taken over' : undefined),
    },
  });
  opened.push(() => api.close());
  void access
    .call('appoint', site.house.site.users)
    .then((changed) => (changed.length > 0 ? access.call('append', [{ action: 'appointUsers', actor: { kind: 'local', name: 'site document', from: 'start' }, outcome: 'done', subject: { users: changed.join(' ') } }]) : undefined))
    .catch((error: Error) => log(`accounts are not what the site document says: ${error.message}`));
  void access.call('listUsers').then(
    (users) => users.length === 0 && log(`there is no account yet: open ${api.url}/#/settings and make the first one with the code ${code.text}, or run: vigil user add NAME --role admin --data DIR`),
    () => undefined,
  );
  return api;
}
