import { randomUUID } from 'node:crypto';
import type { SiteConfig } from '#shared/site.ts';
import type { Clock } from '../clock/clock.ts';
import type { BrokerLink } from '../mqtt/sink.ts';
import type { SiteId } from '../store/paths.ts';
import { sourceUri } from '../store/sources.ts';
import type { OpsBus, OpsName } from './bus.ts';

/** Every station must agree on these: they are always published, however many there are. */
const CONVERGE: ReadonlySet<OpsName> = new Set(['ops.event-source-registered']);

/** Topic on which a site tells what Vigil itself announces. */
export const opsTopic = ({ tenant, site }: SiteId, type: OpsName) => `vigil/v1/${tenant}/${site}/ops/${type}`;

/** At most `perSecond` a second of a monotonic clock (ms), whole seconds. */
export function limiter(perSecond: number, monotonic: () => number): () => boolean {
  let second = -1;
  let taken = 0;
  return () => {
    const now = Math.floor(monotonic() / 1_000);
    if (now !== second) [second, taken] = [now, 0];
    return taken++ < perSecond;
  };
}

/**
 * Publishes ops events as CloudEvents: those on which stations must agree at QoS 1, those the site asked for at QoS 0
 * and no faster than it allows. Returns how to stop.
 */
export function publishOps(bus: OpsBus, link: Pick<BrokerLink, 'publish'>, { id, station, clock, publish }: { id: SiteId; station: string; clock: Clock; publish: SiteConfig['publishOps'] }): () => void {
  const send = (type: OpsName, data: unknown, qos: 0 | 1) => {
    const envelope = { specversion: '1.0', id: randomUUID(), source: sourceUri(id, 'vigil', station), type, time: new Date(clock.now()).toISOString(), data };
    link.publish(opsTopic(id, type), JSON.stringify(envelope), qos);
  };
  const stops = [...CONVERGE].map((type) => bus.on(type, (data) => send(type, data, 1)));
  for (const type of new Set(publish.types)) {
    const allowed = limiter(publish.perSecond, () => performance.now());
    stops.push(bus.on(type, (data) => allowed() && send(type, data, 0)));
  }
  return () => stops.forEach((stop) => stop());
}
