import type { FromCore, Items } from '#shared/link/messages.ts';

/** Patches a page may have unpainted before the core waits for it. */
const WINDOW = 2;

/** One page's interest in one view: counts its revisions, and holds patches back while the page is behind. */
export class Subscription {
  readonly #sub: number;
  readonly #send: (message: FromCore) => void;
  #revision = 0;
  #acknowledged = 0;
  #heldSet: Items = {};
  #heldRemove = new Set<string>();
  #holding = false;
  #eventTime = 0;

  constructor(sub: number, send: (message: FromCore) => void) {
    this.#sub = sub;
    this.#send = send;
  }

  snapshot(items: Items, eventTime: number): void {
    this.#send({ t: 'snapshot', sub: this.#sub, revision: ++this.#revision, eventTime, items });
  }

  /** Tells the page that there is nothing to see, and why. */
  refuse(code: string, message: string): void {
    this.#send({ t: 'refused', sub: this.#sub, code, message });
  }

  /** Sends a change, or folds it into what waits: a slow page gets the newest state, never an inconsistent one. */
  patch(set: Items, remove: readonly string[], eventTime: number): void {
    this.#eventTime = eventTime;
    if (this.#revision - this.#acknowledged >= WINDOW) {
      this.#holding = true;
      for (const key of remove) {
        delete this.#heldSet[key];
        this.#heldRemove.add(key);
      }
      for (const key of Object.keys(set)) {
        this.#heldSet[key] = set[key]!;
        this.#heldRemove.delete(key);
      }
      return;
    }
    this.#send({ t: 'patch', sub: this.#sub, revision: ++this.#revision, eventTime, set, remove: [...remove] });
  }

  /** The page has painted up to a revision. */
  acknowledge(revision: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(revision, this.#revision));
    if (!this.#holding || this.#revision - this.#acknowledged >= WINDOW) return;
    const set = this.#heldSet;
    const remove = [...this.#heldRemove];
    this.#heldSet = {};
    this.#heldRemove = new Set();
    this.#holding = false;
    this.patch(set, remove, this.#eventTime);
  }
}
