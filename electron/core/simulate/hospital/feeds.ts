import type { Process } from '../engine/simulation.ts';
import { FEEDS, type Feed } from './emitter.ts';
import { SECOND } from './time.ts';
import { speaker, type World } from './world.ts';

/** Events an hour that a feed is expected to send at the usual rate, rounded. */
const EXPECTED_PER_HOUR: Readonly<Record<Feed, number>> = { ehr: 40, bed: 40, ed: 60, or: 20, icu: 6, lis: 300, ris: 80, pharmacy: 400, rcm: 100, staff: 25 };
const SILENT_AFTER_HEARTBEATS = 10;

/** Sources introduce themselves, then say regularly that they are there. */
export function* feed(world: World, name: Feed, offset: number): Process {
  const { heartbeatSeconds } = world.parameters.feeds;
  const speak = speaker(world, name);
  const instance = 'demo-1';
  speak('source.registered', { instance, intervalSeconds: heartbeatSeconds * 3, silenceLimitSeconds: heartbeatSeconds * SILENT_AFTER_HEARTBEATS, expectedPerHour: Math.round(EXPECTED_PER_HOUR[name] * world.volume) });
  yield world.simulation.wait(offset * SECOND);
  for (;;) {
    speak('source.heartbeat', { instance, queued: 0 });
    yield world.simulation.wait(heartbeatSeconds * SECOND);
  }
}

export const allFeeds = (world: World): Process[] => FEEDS.map((name, i) => feed(world, name, i));
