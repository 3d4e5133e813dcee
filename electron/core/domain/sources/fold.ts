import type { EventOf } from '#shared/events/define.ts';
import { sourceRegistered } from '#shared/events/types/source.ts';
import { areaOf } from '../area.ts';
import type { SourceState } from './state.ts';

const events = [sourceRegistered] as const;

function fold(_state: SourceState | undefined, { data: { instance: _, ...said } }: EventOf<typeof events>): SourceState {
  return said;
}

/**
 * Feeds: what a source said of itself last. A heartbeat is contact, which is kept beside the log, and does not fold: a
 * late one among a year of them would fold them all again.
 */
export const sources = areaOf({ kind: 'source', events }, fold);
