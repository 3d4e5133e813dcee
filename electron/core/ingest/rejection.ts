/** Why a message was not accepted; the names stand in the dead-letter table and on the visible metric. */
export type RejectionReason =
  | 'too-large'
  | 'invalid-utf8'
  | 'not-json'
  | 'bad-topic'
  | 'bad-envelope'
  | 'other-site'
  | 'unknown-source'
  | 'unknown-type'
  | 'topic-mismatch'
  | 'bad-data'
  | 'time-out-of-range'
  | 'ahead-of-clock'
  | 'before-baseline'
  | 'two-bodies'
  /** A defect of Vigil, not of the message; replay it after the fix. */
  | 'fold-failed';

/** A message that is kept aside: what is wrong, where, in words that name the field and never its value. */
export interface Rejection {
  readonly reason: RejectionReason;
  readonly detail: string;
  readonly source?: string;
  /** When the clock will have caught up with it, epoch ms; only for `ahead-of-clock`. */
  readonly due?: number;
}
