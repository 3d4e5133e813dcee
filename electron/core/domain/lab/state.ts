/** One laboratory order. Times are epoch ms. */
export interface LabOrderState {
  encounter?: string;
  test?: string;
  priority: string;
  orderedAt?: number;
  collectedAt?: number;
  receivedAt?: number;
  cancelledAt?: number;
  cancelReason?: string;
  /** First preliminary report. It answers nothing: a final one is to come. */
  preliminaryAt?: number;
  /** Newest correction of a result that was never seen: the order is answered, nobody knows when. */
  correctedAt?: number;
  /** First final report of each test of the order, and its newest correction. */
  results: { test?: string; reportedAt: number; priority: string; correctedAt?: number; critical?: true }[];
}
