/** One laboratory order. Times are epoch ms. */
export interface LabOrderState {
  encounter?: string;
  test?: string;
  priority: string;
  orderedAt?: number;
  collectedAt?: number;
  receivedAt?: number;
  cancelledAt?: number;
  /** First report of each test of the order. */
  results: { test?: string; reportedAt: number; priority: string }[];
}
