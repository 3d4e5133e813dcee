import { rcmEvents } from '#shared/events/types/rcm.ts';
import { areaOf } from '../area.ts';
import { assign, without } from '../change.ts';
import type { RcmEvent, RcmEventOf } from './events.ts';
import type { PreauthRequest, PreauthState, PreauthStatus } from './state.ts';

/** What a status does to the request that it speaks of. */
function answered(request: PreauthRequest, status: Exclude<PreauthStatus, 'requested'>, time: number): PreauthRequest {
  switch (status) {
    // The payer thinks again: a decision that was taken back was none.
    case 'pended':
      return without(request, 'decidedAt', 'decision', 'withdrawnAt');
    case 'withdrawn':
      return assign(request, { withdrawnAt: request.withdrawnAt ?? time });
    // Turned into its opposite, it stays decided when it was first decided.
    default:
      return { ...without(request, 'withdrawnAt'), decidedAt: request.decidedAt ?? time, decision: status };
  }
}

const isOver = (request: PreauthRequest | undefined) => request?.decidedAt !== undefined || request?.withdrawnAt !== undefined;

function fold(state: PreauthState | undefined, event: RcmEvent): PreauthState {
  const { data, time } = event as RcmEventOf<'rcm.preauth-status-changed'>;
  const { encounter, payer, urgent, status } = data;
  const before = state?.requests ?? [];
  const last = before.at(-1);
  const told = assign<PreauthState>({ ...state, status, requests: before }, { encounter, payer, urgent });
  if (status === 'requested') {
    // The same request sent twice waits since the first time.
    return last && !isOver(last) ? told : { ...told, requests: [...before, { requestedAt: time }] };
  }
  return { ...told, requests: [...before.slice(0, -1), answered(last ?? {}, status, time)] };
}

/** Prior authorisations. A decision stands from its first word until the payer pends it or it is asked for anew. */
export const preauths = areaOf({ kind: 'preauth', events: rcmEvents }, fold);
