import type { ImagingOrderState } from './state.ts';

/** When the order was answered, epoch ms: the signed report, or an addendum to one that was never seen. A preliminary report is no answer. */
export const answeredAt = ({ signedAt, addendedAt }: ImagingOrderState): number | undefined => signedAt ?? addendedAt;

/** Whether somebody waits for the report: neither answered nor withdrawn. */
export const isAwaited = (order: ImagingOrderState): boolean => answeredAt(order) === undefined && order.cancelledAt === undefined;
