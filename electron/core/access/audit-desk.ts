import type { AuditVerdict } from '#shared/api/audit.ts';
import { wallClock } from '../clock/clock.ts';
import type { AuditEntry } from './audit.ts';

/** How the audit trail stands, for health. */
export interface AuditState {
  readonly state: 'unchecked' | 'ok' | 'broken' | 'failing';
  /** Number and hash of the last row, to be noted elsewhere; null while unknown. */
  readonly head: string | null;
  readonly problem?: string;
}

interface Trail {
  append(entries: readonly (AuditEntry & { readonly time: number })[]): Promise<string | undefined>;
  verify(): Promise<AuditVerdict>;
  forget(days: number): Promise<{ forgotten: number; head: string | undefined }>;
}

/** Where a running core's entries come together: what comes while others are being written goes with one sync to disk. */
export class AuditDesk {
  readonly #trail: Trail;
  readonly #log: (line: string) => void;
  /** Of things that were done and are not written yet; kept until they are. */
  readonly #waiting: (AuditEntry & { readonly time: number })[] = [];
  #last: Promise<void> = Promise.resolve();
  #verdict: AuditVerdict | undefined;
  #head: string | null = null;
  #failing: string | undefined;

  constructor(trail: Trail, log: (line: string) => void) {
    this.#trail = trail;
    this.#log = log;
  }

  /** Reads the trail through and tells the log where it stands. */
  async check(): Promise<void> {
    try {
      this.#verdict = await this.#trail.verify();
      this.#head ??= this.#verdict.head;
      this.#log(this.#verdict.fault ? `the audit trail was tampered with or damaged: ${this.#verdict.fault.detail}` : `the audit trail is whole; it stands at ${this.#verdict.head}`);
    } catch (error) {
      this.#fails(error as Error);
    }
  }

  get state(): AuditState {
    const problem = this.#failing ?? this.#verdict?.fault?.detail;
    return { state: this.#failing ? 'failing' : !this.#verdict ? 'unchecked' : this.#verdict.fault ? 'broken' : 'ok', head: this.#head, ...(problem === undefined ? {} : { problem }) };
  }

  /** Resolves when nothing that was done waits to be written. Rejects if it cannot be: then no more may be done. */
  async ready(): Promise<void> {
    if (this.#waiting.length > 0 || this.#failing !== undefined) await this.#flush();
  }

  /** Resolves once the entry is on disk. One that cannot be written is kept, and goes with the next that can. */
  write(entry: AuditEntry): Promise<void> {
    this.#waiting.push({ ...entry, time: wallClock.now() });
    return this.#flush();
  }

  /** A step of forgetting what is older than `days`. Returns how many rows went; 0 when nothing is left to do. */
  async forget(days: number): Promise<number> {
    const { forgotten, head } = await this.#trail.forget(days);
    if (forgotten > 0) this.#head = head ?? null;
    return forgotten;
  }

  #flush(): Promise<void> {
    this.#last = this.#last.catch(() => undefined).then(async () => {
      const batch = [...this.#waiting];
      if (batch.length === 0 && this.#failing === undefined) return;
      try {
        this.#head = (await this.#trail.append(batch)) ?? null;
      } catch (error) {
        this.#fails(error as Error);
        throw error;
      }
      this.#waiting.splice(0, batch.length);
      if (this.#failing !== undefined) this.#log('the audit trail is written again');
      this.#failing = undefined;
    });
    return this.#last;
  }

  #fails({ message }: Error): void {
    if (this.#failing === undefined) this.#log(`the audit trail cannot be written (${message}): nothing is changed through the API meanwhile`);
    this.#failing = message;
  }
}
