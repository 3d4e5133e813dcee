import { rcmEvents } from '#shared/events/types/rcm.ts';
import { areaOf } from '../area.ts';
import { assign, without } from '../change.ts';
import type { RcmEvent, RcmEventOf } from './events.ts';
import type { ClaimState } from './state.ts';

function fold(state: ClaimState | undefined, event: RcmEvent): ClaimState {
  const { data, time } = event as RcmEventOf<'rcm.claim-status-changed'>;
  // A change of a claim's content is a step of its history but leaves it where it is in the cycle.
  const status = data.status === 'changed' ? (state?.status ?? data.status) : data.status;
  const steps = [...(state?.steps ?? []), { status: data.status, at: time }];
  const claim = assign<ClaimState>({ ...state, status, steps }, { payer: data.payer, specialty: data.specialty });
  switch (data.status) {
    case 'opened':
      return assign(claim, { openedAt: claim.openedAt ?? time });
    case 'billed':
      return assign(claim, { billedAt: claim.billedAt ?? time });
    case 'invoice-cancelled':
    case 'reopened':
      return without(claim, 'billedAt');
    default:
      return claim;
  }
}

/** Claims through the billing cycle. A cancelled invoice or a reopened claim is not billed until it is billed again. */
export const claims = areaOf({ kind: 'claim', events: rcmEvents }, fold);
