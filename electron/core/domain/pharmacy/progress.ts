import type { PharmacyOrderState } from './state.ts';

/** Whether the order waits in the pharmacy: queued, neither dispensed since nor withdrawn. */
export const isQueued = ({ queuedAt, cancelledAt }: PharmacyOrderState): boolean => queuedAt !== undefined && cancelledAt === undefined;
