import type { EventOf } from '#shared/events/define.ts';
import { sourceEvents } from '#shared/events/types/source.ts';
import { areaOf } from '../area.ts';
import type { SourceState } from './state.ts';

function fold(state: SourceState = {}, event: EventOf<typeof sourceEvents>): SourceState {
  if (event.type === 'source.heartbeat') return state;
  const { instance: _, ...said } = event.data;
  return said;
}

/** Feeds: what a source said of itself last. A heartbeat is contact, which is kept beside the log, not state. */
export const sources = areaOf({ kind: 'source', events: sourceEvents }, fold);
