import type { SiteConfig } from '#shared/site.ts';
import type { Clock } from '../clock/clock.ts';
import type { BrokerLink } from '../mqtt/sink.ts';
import type { SiteId } from '../store/paths.ts';
import type { OpsBus, OpsName } from './bus.ts';
import { opsEnvelope } from './envelope.ts';

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
  const envelope = opsEnvelope({ id, station: () => station, clock });
  const send = (type: OpsName, data: unknown, event: string, qos: 0 | 1) => link.publish(opsTopic(id, type), envelope(type, data, event), qos);
  const stops = [...CONVERGE].map((type) => bus.on(type, (data, event) => send(type, data, event, 1)));
  for (const type of new Set(publish.types)) {
    const allowed = limiter(publish.perSecond, () => performance.now());
    stops.push(bus.on(type, (data, event) => allowed() && send(type, data, event, 0)));
  }
  return () => stops.forEach((stop) => stop());
}
