import type { Clock } from '../clock/clock.ts';
import type { SiteId } from '../store/paths.ts';
import { sourceUri } from '../store/sources.ts';
import type { OpsName } from './bus.ts';

/** Makes of what the bus tells the CloudEvent that goes out, as text. */
export type OpsEnvelope = (type: OpsName, data: unknown, id: string) => string;

/** Ops events of a station of a site, by its clock. */
export const opsEnvelope = ({ id: site, station, clock }: { readonly id: SiteId; readonly station: () => string; readonly clock: Pick<Clock, 'now'> }): OpsEnvelope => (type, data, id) =>
  JSON.stringify({ specversion: '1.0', id, source: sourceUri(site, 'vigil', station()), type, time: new Date(clock.now()).toISOString(), data });
