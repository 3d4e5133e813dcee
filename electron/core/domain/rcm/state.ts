/** One claim through its billing cycle. Times are epoch ms. */
export interface ClaimState {
  payer?: string;
  specialty?: string;
  status: string;
  openedAt?: number;
  billedAt?: number;
  /** Every step in order. */
  steps: { status: string; at: number }[];
}
