import type { DomainEvent } from './envelope.ts';

type Ordered = Pick<DomainEvent, 'time' | 'sequence' | 'source' | 'id'>;

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The one order in which events fold: event time, then source sequence, then id, then source.
 * A missing sequence sorts first. Total, so any arrival order gives one history.
 */
export function compareEvents(a: Ordered, b: Ordered): number {
  return a.time - b.time || (a.sequence ?? -1) - (b.sequence ?? -1) || byText(a.id, b.id) || byText(a.source, b.source);
}
