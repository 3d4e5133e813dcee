import { rcmEvents } from '#shared/events/types/rcm.ts';
import { areaOf } from '../area.ts';
import { assign } from '../change.ts';
import type { RcmEvent, RcmEventOf } from './events.ts';
import type { DenialState } from './state.ts';

function fold(state: DenialState | undefined, event: RcmEvent): DenialState {
  const { data, time } = event as RcmEventOf<'rcm.denial-status-changed'>;
  const { claim, payer, status, reason, amount } = data;
  const before = state?.steps ?? [];
  const steps = state?.status === status ? before : [...before, { status, at: time }];
  return assign<DenialState>({ ...state, claim, status, steps }, { payer, reason, amount });
}

/** Denials of claims. One that was overturned or written off and is received or appealed again is open again. */
export const denials = areaOf({ kind: 'denial', events: rcmEvents }, fold);
