import type { LabOrderState } from './state.ts';

/** When the order was answered, epoch ms: the first final result, or a correction of one that was never seen. */
export const answeredAt = ({ results, correctedAt }: LabOrderState): number | undefined => results[0]?.reportedAt ?? correctedAt;

/** Whether somebody waits for a result: neither answered nor withdrawn. */
export const isPending = (order: LabOrderState): boolean => answeredAt(order) === undefined && order.cancelledAt === undefined;
