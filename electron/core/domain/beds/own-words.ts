import { isBedStatus } from '#shared/events/types/bed.ts';
import { without } from '../change.ts';
import { KEPT_DAYS } from './history.ts';
import type { BedState } from './state.ts';
import { speaksOfStatus, step, type BedEvent, type Words } from './step.ts';

const KEPT_MS = KEPT_DAYS * 86_400_000;

/**
 * What was said of a bed since its system first spoke in words of its own, and how the bed was before. State must not
 * depend on what a site's document says the words mean, so a house that knows folds these again.
 */
export interface OwnWords {
  readonly before?: BedState;
  readonly said: readonly BedEvent[];
}

const NONE: Words = {};
const isOwn = (event: BedEvent): boolean => event.type === 'bed.status-changed' && !isBedStatus(event.data.status);

/** A bed after one more event, on any machine: own words are kept, and mean nothing yet. */
export function fold(state: BedState | undefined, event: BedEvent): BedState {
  const after = step(state, event, NONE);
  if (!state?.own && !isOwn(event)) return after;
  const said = [...(state?.own?.said ?? []), lean(event)];
  const from = Math.max(0, said.findLastIndex((one) => one.time <= event.time - KEPT_MS && speaksOfStatus(one)));
  const kept = said.slice(from);
  if (!kept.some(isOwn)) return without(after, 'own');
  const before = said.slice(0, from).reduce((bed, one) => step(bed, one, NONE), state?.own ? state.own.before : state);
  return { ...after, own: { ...(before ? { before } : {}), said: kept } };
}

/** The bed as a site understands it that knows what the words mean; further events may be folded into it all the same. */
export function understood(bed: BedState, words: Words): BedState {
  if (!bed.own) return bed;
  const { before, said } = bed.own;
  return { ...said.reduce((known, event) => step(known, event, words), before)!, own: bed.own };
}

/** What a step looks at. */
const lean = ({ type, time, source, data }: BedEvent): BedEvent => ({ type, time, source, data }) as BedEvent;
