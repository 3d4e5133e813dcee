import type { FromCore } from '#shared/link/messages.ts';
import type { Shown, Told } from './shown.ts';

/** Patches a page may have unpainted before the core waits for it. */
const WINDOW = 2;

/** Hands a message to a page. `told` is what of it others are told as well, for links that encode. */
export type Send = (message: FromCore, told?: Told) => void;

/** One page's interest in one room: counts its revisions, and lets a page that is behind catch up in one step. */
export class Subscription {
  readonly #sub: number;
  readonly #shown: Shown;
  readonly #send: Send;
  readonly #room: () => boolean;
  #revision = 0;
  #acknowledged = 0;
  #seen = 0;

  /** `room` says whether the link to the page takes more now. */
  constructor(sub: number, shown: Shown, send: Send, room: () => boolean) {
    this.#sub = sub;
    this.#shown = shown;
    this.#send = send;
    this.#room = room;
  }

  /** Version of the room that the page was last told. */
  get seen(): number {
    return this.#seen;
  }

  /** Tells the page all that the room shows. */
  snapshot(): void {
    const told = this.#shown.whole();
    this.#seen = this.#shown.version;
    this.#send({ t: 'snapshot', sub: this.#sub, revision: ++this.#revision, ...told.said }, told);
  }

  /** Tells the page that there is nothing to see, and why. */
  refuse(code: string, message: string): void {
    this.#send({ t: 'refused', sub: this.#sub, code, message });
  }

  /** Tells what changed since the page was last told, unless it is behind or its link is full: it gets the newest state after that. */
  tell(): void {
    if (this.#seen === this.#shown.version || this.#revision - this.#acknowledged >= WINDOW || !this.#room()) return;
    const told = this.#shown.since(this.#seen);
    this.#seen = this.#shown.version;
    this.#send({ t: 'patch', sub: this.#sub, revision: ++this.#revision, ...told.said }, told);
  }

  /** The page has painted up to a revision. */
  acknowledge(revision: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(revision, this.#revision));
    this.tell();
  }
}
