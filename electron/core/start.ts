import type { Worker } from 'node:worker_threads';
import { stationLayout, type StationLayout } from '#shared/layout.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { TroubleName } from '#shared/sources.ts';
import type { WaitingFiles } from './api/waiting-files.ts';
import { wallClock } from './clock/clock.ts';
import { lastWords } from './crash.ts';
import { unexplained } from './domain/own-words.ts';
import { StationHealth } from './health/station.ts';
import { Hub } from './link/hub.ts';
import { LiveSite } from './link/live-site.ts';
import { readPlans } from './floor-plans.ts';
import { keepHeapsTight } from './heap.ts';
import { checkJoin, startJoin } from './join/start.ts';
import { readBehind } from './link/read-behind.ts';
import { SnapshotPace } from './link/snapshots.ts';
import { Painter } from './link/painter.ts';
import type { LinkState } from './mqtt/sink.ts';
import type { ServeFlags } from './options.ts';
import { loadReplay, startReplay } from './replay/start.ts';
import type { DroppedLetters } from './store/dead-letters.ts';
import { storeFiles } from './store/paths.ts';
import { announce } from './ops/announce.ts';
import { OpsBus } from './ops/bus.ts';
import { opsEnvelope } from './ops/envelope.ts';
import { OpsLive } from './ops/live.ts';
import { publishOps } from './ops/publish.ts';
import { snapshotsSoFar } from './store/read-snapshots.ts';
import { CertificateWatch } from './tls/certificate-watch.ts';
import { readKeys } from './tls/key-files.ts';
import { unconfigured } from './store/site-config.ts';
import { isDamage, markDamaged } from './store/damage.ts';
import { KeeperThread } from './store/keeper-thread.ts';
import { tell } from './store/recover.ts';
import { PasswordFile, type PasswordKeeper } from './station/password-keeper.ts';
import { StationDesk } from './station/station-desk.ts';
import type { StoreOptions } from './store/site-store.ts';
import { spawnWriter } from './store/spawn-writer.ts';
import { WriterThread } from './store/writer-thread.ts';
import { keepSnapshots, startTick } from './tick.ts';
import { views } from './views/views.ts';

/** What a shell that waits with its windows open does early. */
interface Early {
  /** Hears of the hub as soon as pages can be shown what the store holds. What pages do not need waits until it resolves. */
  viewable?(hub: Hub): Promise<void>;
  /** Hears what the site says of this station's displays, at once and with each change; undefined: nothing. */
  laidOut?(layout: StationLayout | undefined): void;
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
  /** Files that pages have had made. */
  readonly files: Pick<WaitingFiles, 'take'>;
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
async function open(given: ServeFlags, log: (line: string) => void, { viewable, laidOut, writer: spawned, key, passwords = new PasswordFile(given.data) }: Early, opened: (() => unknown)[]): Promise<Omit<RunningCore, 'close'>> {
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
      announce(bus, outcome, waiting);
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
      log(`the writer thread died: ${lastWords(error)}`);
      process.exit(1);
    },
  }, spawned);
  opened.push(() => writer.close());
  desk.tidy();
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
  const health = new StationHealth({ clock, behindMs: () => (clock === wallClock ? wallClock.behindMs : 0), feeds: site.feeds, site: () => site.house.site, writer, broker: () => site.broker, stalled: () => stalled, dropped: () => dropped, certificates: () => certificates?.ending(Date.now()) ?? [], unexplained: () => unexplained(site.house) });
  wallClock.onBack((ms) => {
    site.feeds.shift(ms);
    writer.clockBack(ms);
  });
  opened.push(() => painter.close());
  laidOut?.(stationLayout(site.house.site.layouts, flags.station));
  await viewable?.(hub);
  const snapshots = new SnapshotPace({ ...snapshotsSoFar(files.log, clock.now()), speed: clock.speed });
  const keep = keepSnapshots({ writer, snapshots, bus });
  const keeper = new KeeperThread({ log: files.log, ...(flags.vault ? { vault: files.vault } : {}) });
  opened.push(() => keeper.close());
  // Half of the program is servers and links: walls need not wait for it.
  const [{ serveApi }, { listening }, { BrokerSwitch }] = await Promise.all([import('./serve-api.ts'), import('./api/listening.ts'), import('./mqtt/broker-switch.ts')]);
  // The API answers before the link to the broker is up.
  let republish: () => void = () => undefined;
  const inForce = (next: SiteConfig) => {
    site.house.configure(next);
    republish();
    hub.recompute();
    laidOut?.(stationLayout(next.layouts, flags.station));
  };
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
  const api = await serveApi({
    flags, id, keyFile: storeOptions.keyFile, siteFile, files, listening: listens, clock, hub, ops: new OpsLive(bus, opsEnvelope({ id, station: () => desk.serving.station, clock })), site, writer, keeper, health, developmentKey, recovery, snapshots, keep, inForce, log,
    station: {
      desk,
      link,
      async changed() {
        watchCertificates();
        // Why it cannot be linked is in the log, and told to who asks for the link.
        await linkUp().catch(() => undefined);
        republish();
      },
    },
    now: { stalled: () => stalled, commits: () => commits, dropped: () => dropped, joining: () => joining?.join },
  }, opened);
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
  opened.push(startTick({ writer, site, health, snapshots, keep, clock }));
  const player = started && (await import('./replay/play.ts')).play(started.rest, clock, mqtt);
  opened.push(() => player?.stop());
  const feed = demo?.publish(flags.broker === 'embedded' ? mqtt : flags.broker, tls ? readKeys(tls) : {});
  opened.push(() => feed?.stop());
  keepHeapsTight();
  return {
    wall: api.url,
    mqtt,
    developmentKey,
    hub,
    files: api.files,
    ended: player && !flags.hold ? player.ended : new Promise<void>(() => {}),
  };
}
