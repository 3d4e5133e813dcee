import type { EventOf } from '#shared/events/define.ts';
import { sourceName } from '#shared/events/envelope.ts';
import { isBedStatus, type BedStatus, type bedEvents } from '#shared/events/types/bed.ts';
import type { SiteConfig } from '#shared/site.ts';
import { assign, msOr, without } from '../change.ts';
import { cycleCompleted, cycleDropped, cycleStep, openCycle } from './cleaning.ts';
import { remembered } from './history.ts';
import type { BedState } from './state.ts';

type Told<E> = E extends unknown ? Omit<E, 'id' | 'constructed' | 'sequence'> : never;
/** What a bed's state is made of. */
export type BedEvent = Told<EventOf<typeof bedEvents>>;
type Of<T extends BedEvent['type']> = Extract<BedEvent, { type: T }>;
/** What a site's own words mean. */
export type Words = SiteConfig['statuses']['bed'];
type Housekeeping = NonNullable<BedState['status']>['value'];

const sourceOf = (event: BedEvent) => sourceName(event.source);

/** Sets what housekeeping says; the same again confirms it and does not restart its timer. */
function said(bed: BedState, value: Housekeeping, event: BedEvent): BedState {
  const { time } = event;
  const source = sourceOf(event);
  if (bed.status?.value === value) return { ...bed, status: { ...bed.status, source, confirmedAt: time } };
  const cleaned = value === 'dirty' || value === 'cleaning' ? bed : without(bed, 'contaminated');
  return { ...without(cleaned, 'isolation'), status: { value, since: time, source } };
}

function blocked(bed: BedState, event: BedEvent, reason: string, expectedUntil?: number): BedState {
  if (bed.blocked?.reason === reason) return { ...bed, blocked: assign(bed.blocked, { expectedUntil }) };
  const closed = { reason, since: event.time, source: sourceOf(event) };
  return { ...unblocked(bed, event.time), blocked: assign<NonNullable<BedState['blocked']>>(closed, { expectedUntil }) };
}

function unblocked(bed: BedState, time: number): BedState {
  if (!bed.blocked) return bed;
  const { reason, since } = bed.blocked;
  return remembered({ ...without(bed, 'blocked'), blocks: [...bed.blocks, { reason, from: since, to: time }] }, time);
}

function reserved(bed: BedState, event: BedEvent, encounter?: string, expectedAt?: number): BedState {
  const same = bed.reserved && bed.reserved.encounter === encounter ? bed.reserved : undefined;
  const hold: NonNullable<BedState['reserved']> = same ?? { since: event.time, source: sourceOf(event) };
  return { ...bed, reserved: assign(hold, { encounter, expectedAt }) };
}

/**
 * A system that withdraws its assignment just says `available` again; a bed that was dirty becomes available for
 * the patient it is kept for.
 */
function withdrawn(bed: BedState, event: BedEvent): BedState {
  return bed.status?.value === 'available' && bed.reserved?.source === sourceOf(event) ? without(bed, 'reserved') : bed;
}

function statusChanged(bed: BedState, event: Of<'bed.status-changed'>, words: Words): BedState {
  const { status: word, isolation, contaminated } = event.data;
  const { time } = event;
  const own = isBedStatus(word) ? undefined : words[word];
  const status: BedStatus | undefined = isBedStatus(word) ? word : own?.base;
  const reason = event.data.reason ?? own?.reason;
  const marked = (next: BedState) => assign(next, { isolation, contaminated });
  if (status === 'blocked') return marked(blocked(bed, event, reason ?? 'OTHER'));
  const open = unblocked(bed, time);
  switch (status) {
    case 'occupied':
      return marked(said(cycleDropped(without(open, 'reserved')), 'occupied', event));
    case 'dirty':
      return marked(said(cycleStep(open, 'dirtyAt', time), 'dirty', event));
    case 'cleaning':
      return marked(said(cycleStep(open, 'startedAt', time), 'cleaning', event));
    case 'assigned':
      return marked(said(reserved(open, event, open.reserved?.encounter), 'available', event));
    case 'available': {
      const cycle = openCycle(open);
      const clean = said(withdrawn(open, event), 'available', event);
      if (cycle?.startedAt !== undefined || cycle?.requestedAt !== undefined) return marked(cycleCompleted(clean, time));
      // Dirty, then available, with no cleaning seen: a correction as likely as a cleaning, so no sample of turnaround.
      return marked(cycleDropped(clean));
    }
    // Whatever it was, it is no more; what became of its cleaning the next word tells.
    case undefined:
      return marked(said(bed.word === word ? open : without(open, 'status'), 'unknown', event));
  }
}

function told(bed: BedState, event: BedEvent, words: Words): BedState {
  const { time } = event;
  switch (event.type) {
    case 'bed.status-changed':
      return statusChanged(bed, event, words);
    case 'bed.cleaning-requested': {
      const requested = cycleStep(bed, 'requestedAt', time);
      return bed.status?.value === 'cleaning' ? requested : said(requested, 'dirty', event);
    }
    case 'bed.cleaning-started':
      return said(cycleStep(bed, 'startedAt', time, event.data.expectedMinutes), 'cleaning', event);
    case 'bed.cleaning-completed':
      return said(cycleCompleted(bed, time), 'available', event);
    case 'bed.blocked':
      return blocked(bed, event, event.data.reason, msOr(event.data.expectedUntil));
    case 'bed.unblocked': {
      const open = unblocked(bed, time);
      return open.status ? open : said(open, 'available', event);
    }
    case 'bed.reserved':
      return reserved(bed, event, event.data.encounter, msOr(event.data.expectedAt));
    case 'bed.released':
      return without(bed, 'reserved');
  }
}

/** Whether an event says how the bed is; the others say for whom it is kept. */
export const speaksOfStatus = ({ type }: Pick<BedEvent, 'type'>): boolean => type !== 'bed.reserved' && type !== 'bed.released';

/** A bed after one more event, where `words` are what the site's own words mean. Of another word nobody knows what it means. */
export function step(state: BedState | undefined, event: BedEvent, words: Words): BedState {
  const { unit, bed: label } = event.data;
  const bed = told(state ?? { unit, bed: label, cleanings: [], blocks: [] }, event, words);
  if (event.type === 'bed.status-changed' && !isBedStatus(event.data.status)) return assign(bed, { word: event.data.status });
  return speaksOfStatus(event) ? without(bed, 'word') : bed;
}
