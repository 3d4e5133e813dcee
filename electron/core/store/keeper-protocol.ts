export interface KeeperData {
  readonly log: string;
  readonly vault?: string | undefined;
  /** First integrity check after this long, then daily; ms. */
  readonly firstCheckMs?: number;
}

/** The write-ahead log of one file. `held`: a long reader keeps it from being emptied. */
export interface WalState {
  readonly state: 'ok' | 'held' | 'failed';
  readonly bytes: number;
  /** When it was last copied into the database whole, wall-clock epoch ms. */
  readonly checkpointed?: number;
  readonly problem?: string;
}

export interface IntegrityState {
  readonly state: 'unchecked' | 'checking' | 'ok' | 'damaged';
  /** When the last check ended, wall-clock epoch ms. */
  readonly checked?: number;
  readonly problem?: string;
}

export interface KeeperState {
  readonly wal: Readonly<Record<string, WalState>>;
  readonly integrity: IntegrityState;
}

export type FromKeeper = { readonly t: 'state'; readonly state: KeeperState } | { readonly t: 'closed' };
