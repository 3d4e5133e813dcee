/** One medication order in the pharmacy. Times are epoch ms. */
export interface PharmacyOrderState {
  encounter?: string;
  pharmacy?: string;
  unit?: string;
  priority: string;
  preparation?: string;
  /** Waits since; absent once dispensed. */
  queuedAt?: number;
  cancelledAt?: number;
  cancelReason?: string;
  /** What left the pharmacy: one for each time that the order was in the queue. */
  dispenses: { queuedAt?: number; dispensedAt: number; priority: string }[];
}
