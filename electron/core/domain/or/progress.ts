import type { OrCaseState } from './state.ts';

/** Whether the patient is or was in the room at a time (epoch ms). */
export const cameIn = ({ inRoomAt }: Pick<OrCaseState, 'inRoomAt'>, at: number): boolean => inRoomAt !== undefined && inRoomAt <= at;

/** Whether the case was cancelled by a time (epoch ms). In the room it holds that until wheels out all the same. */
export const isCancelled = ({ cancelledAt }: Pick<OrCaseState, 'cancelledAt'>, at: number): boolean => cancelledAt !== undefined && cancelledAt <= at;
