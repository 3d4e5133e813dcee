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
  /** Somebody decided that this source may not speak. */
  | 'source-refused'
  /** A waiting queue of its source is full; one letter stands for all that found it so. */
  | 'queue-full'
  /** More sources than there can be made themselves known. */
  | 'too-many-sources'
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
