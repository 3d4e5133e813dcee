import { BLOCK_REASONS } from '#shared/events/types/bed.ts';
import type { OrRoomState } from './state.ts';

const CODES: readonly string[] = BLOCK_REASONS;

/** Why a room is not open, where that was said by a code as beds have it. Any other text may name somebody and is not for walls. */
export const reasonCode = ({ reason }: OrRoomState): string | undefined => (reason !== undefined && CODES.includes(reason) ? reason : undefined);
