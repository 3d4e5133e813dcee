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

/** One denial of a claim, from its receipt to its end. Times are epoch ms. */
export interface DenialState {
  /** The claim that was denied. */
  claim: string;
  payer?: string;
  status: DenialStatus;
  reason?: string;
  amount?: number;
  /** Every change of status in order; the same again is none. */
  steps: { status: DenialStatus; at: number }[];
}
export type DenialStatus = 'received' | 'appealed' | 'overturned' | 'upheld' | 'written-off';

/** One prior authorisation; withdrawn and asked for again it is another request under the same number. Times are epoch ms. */
export interface PreauthState {
  encounter?: string;
  payer?: string;
  urgent?: boolean;
  status: PreauthStatus;
  /** In order; the last one may be undecided. */
  requests: PreauthRequest[];
}
export type PreauthStatus = 'requested' | 'pended' | 'approved' | 'denied' | 'withdrawn';

export interface PreauthRequest {
  /** Absent where the history begins later. */
  requestedAt?: number;
  decidedAt?: number;
  decision?: 'approved' | 'denied';
  withdrawnAt?: number;
}

/**
 * One account as last reported: the receivables of a payer (`balance`) or the revenue of a day (`revenue`).
 * Amounts are in the site's currency, times epoch ms.
 */
export interface AccountState {
  payer?: string;
  balance?: {
    reportedAt: number;
    /** When the round before was reported. */
    reportedBeforeAt?: number;
    /** Net, by days since discharge: 0-30, 31-60, 61-90, 91-120, over 120. */
    buckets: readonly [number, number, number, number, number];
    dischargedNotFinalBilledGross?: number;
  };
  revenue?: {
    /** Date of the site, `YYYY-MM-DD`. */
    day: string;
    reportedAt: number;
    gross?: number;
    net?: number;
  };
}
