import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { floorPlanSchema, type FloorPlan } from '#shared/floorplan.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { TroubleName } from '#shared/sources.ts';
import { replayClock, wallClock, type Clock } from './clock/clock.ts';
import { AccessThread } from './access/access-thread.ts';
import { AuditDesk } from './access/audit-desk.ts';
import { LocalToken } from './access/local-token.ts';
import { SetUpCode } from './access/set-up-code.ts';
import { StationHealth } from './health/station.ts';
import { Hub } from './link/hub.ts';
import { LiveSite } from './link/live-site.ts';
import { checkJoin, startJoin } from './join/start.ts';
import { readBehind } from './link/read-behind.ts';
import { SnapshotPace } from './link/snapshots.ts';
import { Painter } from './link/painter.ts';
import { sample } from './link/sampler.ts';
import { withoutPassword } from './mqtt/address.ts';
import type { LinkState } from './mqtt/sink.ts';
import type { ServeFlags, Serving } from './options.ts';
import { beginning, prepareReplay, readRecording, recording, recordingDir, type RecordedEvent, type Replay } from './replay/real-day.ts';
import type { DroppedLetters } from './store/dead-letters.ts';
import { storeFiles } from './store/paths.ts';
import { shipped } from './shipped.ts';
import { announceSnapshots } from './ops/announce-snapshots.ts';
import { announce } from './ops/announce.ts';
import { OpsBus } from './ops/bus.ts';
import { publishOps } from './ops/publish.ts';
import { snapshotsSoFar } from './store/read-snapshots.ts';
import { CertificateWatch } from './tls/certificate-watch.ts';
import { readKeys } from './tls/key-files.ts';
import { unconfigured } from './store/site-config.ts';
import { isDamage, markDamaged } from './store/damage.ts';
import { KeeperThread } from './store/keeper-thread.ts';
import { tell } from './store/recover.ts';
import { ReaderThread } from './store/reader-thread.ts';
import { PasswordFile, type PasswordKeeper } from './station/password-keeper.ts';
import { StationDesk } from './station/station-desk.ts';
import type { StoreOptions } from './store/site-store.ts';
import { spawnWriter } from './store/spawn-writer.ts';
import { WriterThread } from './store/writer-thread.ts';
import { trendSeries } from './views/trend-series.ts';
import { VERSION } from './version.ts';
import { views } from './views/views.ts';

const TICK_MS = 1_000;
const REPLAY_SPEED = 60;

/** What a shell that waits with its windows open does early. */
interface Early {
  /** Hears of the hub as soon as pages can be shown what the store holds. What pages do not need waits until it resolves. */
  viewable?(hub: Hub): Promise<void>;
  /** The writer's thread, where it was spawned before all this was loaded. */
  writer?: Worker;
  /** The site's key, where no flag names a file of it. */
  key?: Uint8Array | undefined;
  /** Where the broker's password lies, if not in a file. */
  passwords?: PasswordKeeper;
}

export interface RunningCore {
  readonly wall: string;
  readonly mqtt: string;
  readonly developmentKey: boolean;
  readonly hub: Hub;
  /** Resolves when a replay has come to its end; never for live cores. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a core: store, views, API, links. Throws, saying what to do, when a port, store, key or broker cannot be had;
 * nothing of it runs on then.
 */
export async function startCore(flags: ServeFlags, log: (line: string) => void, early: Early = {}): Promise<RunningCore> {
  for (let again = true; ; again = false) {
    const opened: (() => unknown)[] = [];
    const close = async () => {
      for (const end of opened.splice(0).reverse()) await end();
    };
    try {
      return { ...(await open(flags, log, { ...early, ...(again ? {} : { writer: spawnWriter() }) }, opened)), close };
    } catch (error) {
      await close();
      if (!again || !isDamage(error)) throw error;
      // Seen by the first reading of the present: the writer rebuilds the store when it opens it again.
      markDamaged(storeFiles(flags.data, flags).log, { problem: (error as Error).message });
    }
  }
}

/** Opens one part after the other and puts how to close it on `opened`. */
async function open(given: ServeFlags, log: (line: string) => void, { viewable, writer: spawned, key, passwords = new PasswordFile(given.data) }: Early, opened: (() => unknown)[]): Promise<Omit<RunningCore, 'close'>> {
  const desk = await StationDesk.open(given, passwords);
  if (desk.trouble !== undefined) log(`the broker is asked without a password: ${desk.trouble}`);
  const flags = desk.serving;
  const id = { tenant: flags.tenant, site: flags.site };
  const storeOptions: StoreOptions = { dataDir: flags.data, id, keyFile: flags.keyFile ?? key, withVault: flags.vault };
  // A wall that starts again takes what its store holds, and needs no YAML.
  const siteFile = flags.config ? (await import('./store/site-file.ts')).readSiteFile(flags.config) : undefined;
  const config = siteFile?.site;
  checkJoin(flags);
  if (flags.replay && flags.broker !== 'embedded') throw new Error('A replay runs on the embedded broker, never on a hospital\'s. To send a file to a broker use: vigil publish');
  const replay = flags.replay ? await loadReplay(flags.replay) : undefined;
  const started = replay && (await startReplay(flags, storeOptions, replay, config ?? unconfigured(id), log));
  const { tls } = desk;
  const demo = flags.demo ? await (await import('./demo/start.ts')).openDemo(flags, storeOptions, log) : undefined;
  const clock = started?.clock ?? demo?.clock ?? wallClock;

  let certificates: CertificateWatch | undefined = undefined;
  if (flags.join !== undefined) await (await import('./join/first-copy.ts')).takeFirstCopy(flags.join, storeOptions, log);
  let joining: ReturnType<typeof startJoin> | undefined;
  let stalled: { state: TroubleName; message: string } | undefined;
  let commits = 0;
  let dropped: DroppedLetters = { letters: 0, bodies: 0 };
  const bus = new OpsBus();
  const plans = readPlans();
  const { writer, developmentKey, deadLetters, recovery } = await WriterThread.start({ ...storeOptions, siteFile, backups: flags.backups, retention: replay === undefined, joining: flags.join !== undefined }, clock, {
    // Nothing is committed before the links below are up, and then `site` and `painter` are there.
    onCommitted({ outcome, deadLetters: waiting, dropped: gone }) {
      commits++;
      site.apply(outcome);
      announce(bus, outcome);
      snapshots.happened(outcome.oldest);
      site.deadLetters = waiting;
      dropped = gone;
      painter.changed();
    },
    onStalled(why) {
      if (why && !stalled) log(`the store takes nothing (${why.state}): ${why.message}; unacknowledged events wait`);
      if (!why && stalled) log('the store takes events again');
      stalled = why;
    },
    onSources: (records) => site.feeds.update(records, clock.now()),
    onLost(error) {
      log(`the writer thread died: ${error.message}`);
      process.exit(1);
    },
  }, spawned);
  opened.push(() => writer.close());
  if (recovery) log(tell(recovery));
  const files = storeFiles(flags.data, id);
  const site = new LiveSite(files.log, id, clock, plans);
  site.deadLetters = deadLetters;
  opened.push(readBehind(site, (error) => {
    log(`the store cannot be read: ${(error as Error).message}`);
    if (isDamage(error)) markDamaged(files.log, { problem: (error as Error).message });
    process.exit(1);
  }));
  const hub = new Hub(views, () => site.context(), () => site.eventTime, log);
  const painter = new Painter(site, hub);
  const health = new StationHealth({ clock, behindMs: () => (clock === wallClock ? wallClock.behindMs : 0), feeds: site.feeds, site: () => site.house.site, writer, broker: () => site.broker, stalled: () => stalled, dropped: () => dropped, certificates: () => certificates?.ending(Date.now()) ?? [] });
  wallClock.onBack((ms) => {
    site.feeds.shift(ms);
    writer.clockBack(ms);
  });
  opened.push(() => painter.close());
  await viewable?.(hub);
  const snapshots = new SnapshotPace({ ...snapshotsSoFar(files.log, clock.now()), speed: clock.speed });
  const keeper = new KeeperThread({ log: files.log, ...(flags.vault ? { vault: files.vault } : {}) });
  opened.push(() => keeper.close());
  // Half of the program is servers and links: walls need not wait for it.
  const [{ startCommandApi }, { listening }, { BrokerSwitch }] = await Promise.all([import('./api/start.ts'), import('./api/listening.ts'), import('./mqtt/broker-switch.ts')]);
  const reader = new ReaderThread({ file: storeFiles(flags.data, id).log, id });
  opened.push(() => reader.close());
  const slow = new ReaderThread({ file: storeFiles(flags.data, id).log, id });
  opened.push(() => slow.close());
  const access = new AccessThread({ file: files.access, id, keyFile: storeOptions.keyFile });
  opened.push(() => access.close());
  const audit = new AuditDesk({ append: (entries) => access.call('append', entries), verify: () => access.call('verifyAudit') }, log);
  void audit.check();
  const local = new LocalToken(files.token);
  const code = new SetUpCode();
  // The API answers before the link to the broker is up.
  let republish: () => void = () => undefined;
  const inForce = (next: SiteConfig) => {
    site.house.configure(next);
    republish();
    hub.recompute();
  };
  opened.push(() => local.close());
  const onState = (state: LinkState, why?: string) => {
    site.broker = state;
    log(why === undefined ? `broker ${state}` : `broker ${state}: ${why}`);
  };
  const link = new BrokerSwitch({ id, mqttPort: flags.mqttPort, sink: writer, onState });
  /** Goes to the broker that the station says now. */
  const linkUp = () => link.use({ url: desk.serving.broker, station: desk.serving.station, tls: () => desk.tls });
  const listens = listening(flags);
  const watchCertificates = () => (certificates = new CertificateWatch([listens.tls?.files, desk.tls].filter((files) => files !== undefined)));
  watchCertificates();
  const api = await startCommandApi({
    listening: listens,
    version: VERSION,
    hub,
    reader,
    slow,
    local,
    access,
    audit,
    log,
    rendererDir: shipped('out/renderer'),
    running: { now: () => clock.now(), troubles: () => [...health.station, ...health.sources] },
    site: { context: () => site.context(), changes: () => commits },
    config: { id, log: files.log, file: siteFile, ask: (ask) => writer.ask(ask), inForce },
    sources: { id, ask: (ask) => writer.ask(ask), records: () => site.feeds.records, troubles: () => health.sources },
    oidc: { settings: () => site.house.site.oidc, secretDirs: [...(process.env['CREDENTIALS_DIRECTORY'] === undefined ? [] : [process.env['CREDENTIALS_DIRECTORY']]), flags.data] },
    patients: { ask: (ask) => writer.ask(ask), house: () => site.house },
    setUp: { code },
    station: {
      desk,
      facts: () => ({ ...id, station: desk.serving.station, version: VERSION, broker: withoutPassword(desk.serving.broker), mqttPort: flags.mqttPort, join: flags.join ?? null, vault: flags.vault, developmentKey, file: flags.config ?? null }),
      link,
      async changed() {
        watchCertificates();
        // Why it cannot be linked is in the log, and told to who asks for the link.
        await linkUp().catch(() => undefined);
        republish();
      },
    },
    status: {
      health: () => ({ broker: site.broker, store: stalled?.message ?? 'ok', backlog: writer.backlog, commits, deadLetters: site.deadLetters, dropped, eventTime: site.eventTime, pages: hub.pages, clock: clock.mode, troubles: [...health.station, ...health.sources], upkeep: writer.upkeep, keeper: keeper.state, audit: audit.state, ...(joining ? { join: joining.join.state } : {}), ...(recovery ? { recovery } : {}) }),
      lacking: () => (!site.whole ? 'what is over is still being read from the store' : joining?.join.whole === false ? 'the log of the hub is still being taken over' : undefined),
    },
  });
  opened.push(() => api.close());
  void access.call('listUsers').then(
    (users) => users.length === 0 && log(`there is no account yet: open ${api.url}/#/settings and make the first one with the code ${code.text}, or run: vigil user add NAME --role admin --data DIR`),
    () => undefined,
  );
  // A broker that pages may change does not keep them from being shown.
  await linkUp().catch((error: Error) => {
    if (desk.brokerFixed) throw error;
  });
  opened.push(() => link.close());
  if (flags.join !== undefined) joining = startJoin(flags.join, files.log, { id, live: () => link.state === 'connected', ask: (ask) => writer.ask(ask), log });
  opened.push(() => joining?.close());
  const publish = () => publishOps(bus, link, { id, station: desk.serving.station, clock, publish: site.house.site.publishOps });
  let stopPublishing = publish();
  opened.push(() => stopPublishing());
  republish = () => {
    stopPublishing();
    stopPublishing = publish();
  };
  const mqtt = link.address;
  const tick = setInterval(() => {
    writer.tick();
    site.troubles = health.station.map(({ state }) => state);
    // Snapshots and samples of a site that is not read whole would keep unknown what is known.
    if (!site.whole) return;
    const batch = snapshots.due(site.house, clock.now());
    if (batch) void writer.writeSnapshots(batch).then((kept) => (kept ? announceSnapshots(bus, batch) : snapshots.refused(batch)));
    const minute = site.trends.due(clock.now());
    if (minute === undefined) return;
    const points = sample(site.house, trendSeries(site.house, minute), minute);
    site.trends.add(points, minute);
    writer.writeSamples(points);
  }, TICK_MS);
  opened.push(() => clearInterval(tick));
  const player = started && (await import('./replay/play.ts')).play(started.rest, clock, mqtt);
  opened.push(() => player?.stop());
  const feed = demo?.publish(flags.broker === 'embedded' ? mqtt : flags.broker, tls ? readKeys(tls) : {});
  opened.push(() => feed?.stop());
  return {
    wall: api.url,
    mqtt,
    developmentKey,
    hub,
    ended: player && !flags.hold ? player.ended : new Promise<void>(() => {}),
  };
}

async function loadReplay(name: string): Promise<Replay> {
  const resources = shipped('resources');
  const dir = existsSync(name) || !resources ? name : recordingDir(resources, name);
  const parts = recording(listFiles(dir));
  const day = await readRecording(parts.day);
  if (day.length === 0) throw new Error(`${dir} holds no recording: a *day*.ndjson.gz is needed.`);
  return { day, history: parts.history };
}

async function startReplay(flags: Serving, options: StoreOptions, replay: Replay, config: Parameters<typeof prepareReplay>[1], log: (line: string) => void): Promise<{ clock: Clock; rest: RecordedEvent[] }> {
  log('preparing the recorded day');
  const begin = beginning(replay.day[0]!.time, flags.begin, config.timezone);
  const start = await prepareReplay(options, config, replay, begin);
  // What falls due while the links come up is sent with them, not left out.
  return { clock: replayClock(start, flags.speed ?? REPLAY_SPEED, replay.day.at(-1)!.time), rest: replay.day.filter(({ time }) => time >= start) };
}

function listFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function readPlans(): ReadonlyMap<string, FloorPlan> {
  const dir = shipped('floorplans');
  const files = dir ? listFiles(dir).filter((file) => file.endsWith('.json')) : [];
  return new Map(files.map((file) => floorPlanSchema.parse(JSON.parse(readFileSync(file, 'utf8')))).map((plan) => [plan.id, plan]));
}
