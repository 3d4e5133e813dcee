/** One thing that somebody did, or was refused. Nothing personal: a patient is named by pseudonym. */
export interface AuditEntry {
  /** Name of the operation, or of what happened, such as `registerSource` or `login`. */
  readonly action: string;
  /** Who: kind and name of the principal, and the address it came from. */
  readonly actor: { readonly kind: string; readonly name: string; readonly from: string };
  readonly outcome: 'done' | 'refused' | 'failed';
  /** What it was about: parameters of the request, reason, counts. */
  readonly subject: Readonly<Record<string, string | number | boolean | null>>;
}

/** Writes an entry; resolves once it is on disk. Rejects when it cannot be kept: then what it speaks of must not be done either. */
export type Audit = (entry: AuditEntry) => Promise<void>;
