import type { Clock } from './clock/clock.ts';
import type { StationHealth } from './health/station.ts';
import type { LiveSite } from './link/live-site.ts';
import { lostFeeds } from './link/lost-feeds.ts';
import { samplePresent } from './link/sampler.ts';
import type { SnapshotPace } from './link/snapshots.ts';
import { announceSnapshots } from './ops/announce-snapshots.ts';
import type { OpsBus } from './ops/bus.ts';
import type { SnapshotBatch } from './snapshots/taken.ts';
import type { WriterThread } from './store/writer-thread.ts';

const TICK_MS = 1_000;

interface TickParts {
  readonly writer: WriterThread;
  readonly site: LiveSite;
  readonly health: StationHealth;
  readonly snapshots: SnapshotPace;
  readonly keep: KeepSnapshots;
  readonly clock: Clock;
}

/** Has a batch of snapshots kept and told; resolves with whether it was. */
export type KeepSnapshots = (batch: SnapshotBatch) => Promise<boolean>;

export const keepSnapshots = ({ writer, snapshots, bus }: { writer: WriterThread; snapshots: SnapshotPace; bus: OpsBus }): KeepSnapshots => async (batch) => {
  const kept = await writer.writeSnapshots(batch);
  if (kept) announceSnapshots(bus, batch);
  else snapshots.refused(batch);
  return kept;
};

/** What a core does each second: it lets the writer see the time, and keeps snapshots and samples that are due. Returns how to end that. */
export function startTick({ writer, site, health, snapshots, keep, clock }: TickParts): () => void {
  const tick = setInterval(() => {
    writer.tick();
    site.troubles = health.station.map(({ state }) => state);
    // Snapshots and samples of a site that is not read whole would keep unknown what is known.
    if (!site.whole) return;
    const batch = snapshots.due(site.house, clock.now(), lostFeeds(site.context()));
    if (batch) void keep(batch);
    const minute = site.trends.due(clock.now());
    if (minute === undefined) return;
    const points = samplePresent(site.context(), minute);
    site.trends.add(points, minute);
    writer.writeSamples(points);
  }, TICK_MS);
  return () => clearInterval(tick);
}
