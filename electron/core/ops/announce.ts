import type { Outcome } from '../store/outcome.ts';
import type { OpsBus } from './bus.ts';

/**
 * Announces what a commit did: sources that became known, and each accepted event and refused message where the writer
 * tells of them. `total`: dead letters that nobody has replayed.
 */
export function announce(bus: OpsBus, { registrations, ingested, refusals }: Pick<Outcome, 'registrations' | 'ingested' | 'refusals'>, total: number): void {
  for (const { uri: source, title, intervalSeconds } of registrations) {
    bus.emit('ops.event-source-registered', { source, ...(title === null ? {} : { title }), ...(intervalSeconds === null ? {} : { intervalSeconds }) });
  }
  for (const { source, id, type, position, received, entityKind, changed } of ingested) {
    bus.emit('ops.event-ingested', { source, id, type, position, receivedAt: new Date(received).toISOString() });
    bus.emit('ops.event-processed', { source, id, type, position, entityKind, changed });
  }
  for (const { reason, detail, source } of refusals) bus.emit('ops.event-refused', { reason, detail, total, ...(source === undefined ? {} : { source }) });
}
