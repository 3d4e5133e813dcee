import type { FromCore, Items } from '#shared/link/messages.ts';
import { LinkSocket } from './link-socket.ts';

const SLOTS_MS = 20_000;

/** Delays in whole milliseconds, counted, so that an hour of them takes no more room than a minute. */
export class Delays {
  readonly #counts = new Uint32Array(SLOTS_MS + 1);
  #count = 0;

  add(ms: number): void {
    const slot = Math.max(0, Math.min(SLOTS_MS, Math.round(ms)));
    this.#counts[slot] = this.#counts[slot]! + 1;
    this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** The delay that a share of them keeps; null without any. The last slot stands for everything above. */
  quantile(share: number): number | null {
    if (this.#count === 0) return null;
    let left = Math.ceil(this.#count * share);
    for (let ms = 0; ms <= SLOTS_MS; ms++) if ((left -= this.#counts[ms]!) <= 0) return ms;
    return SLOTS_MS;
  }
}

/**
 * A wall by WebSocket that looks at boards and measures how old events are when they reach it: the link names the
 * newest event time that each message shows, so an event of that time or before is committed and computed.
 */
export class WallWatch {
  readonly delays = new Delays();
  /** Of the last while only; taken and emptied by {@link takeRecent}. */
  #recent = new Delays();
  readonly #socket: LinkSocket;
  readonly #revisions = new Map<number, number>();
  readonly #items = new Map<number, Items>();
  #sent: number[] = [];
  #shown = 0;

  private constructor(socket: LinkSocket) {
    this.#socket = socket;
    socket.listen((message) => this.#receive(message));
  }

  static async connect(wall: string, views: readonly string[]): Promise<WallWatch> {
    const socket = await LinkSocket.open(wall);
    const watch = new WallWatch(socket);
    socket.greet();
    views.forEach((view, sub) => socket.send({ t: 'subscribe', sub: sub + 1, view }));
    return watch;
  }

  /** An event of this time (epoch ms, never going back) was sent. */
  sent(time: number): void {
    this.#sent.push(time);
  }

  /** Events sent and not yet seen. */
  get open(): number {
    return this.#sent.length - this.#shown;
  }

  takeRecent(): Delays {
    const recent = this.#recent;
    this.#recent = new Delays();
    return recent;
  }

  /** Throws what went against the link's protocol meanwhile, and when the core closed the link. */
  check(): void {
    this.#socket.check();
    if (!this.#socket.isOpen) throw new Error('the core closed the link');
  }

  close(): void {
    this.#socket.close();
  }

  #receive(message: FromCore): void {
    if (message.t === 'refused') throw new Error(`refused: ${message.message}`);
    if (message.t !== 'snapshot' && message.t !== 'patch') return;
    const { sub, revision, eventTime } = message;
    if (revision !== (this.#revisions.get(sub) ?? 0) + 1) throw new Error(`revision ${revision} after ${this.#revisions.get(sub)}`);
    this.#revisions.set(sub, revision);
    if (message.t === 'snapshot') this.#items.set(sub, message.items);
    else {
      const items = this.#items.get(sub)!;
      for (const key of message.remove) delete items[key];
      Object.assign(items, message.set);
    }
    this.#socket.send({ t: 'ack', sub, revision });
    const now = Date.now();
    while (this.#shown < this.#sent.length && this.#sent[this.#shown]! <= eventTime) {
      const delay = now - this.#sent[this.#shown++]!;
      this.delays.add(delay);
      this.#recent.add(delay);
    }
    if (this.#shown > 10_000) {
      this.#sent = this.#sent.slice(this.#shown);
      this.#shown = 0;
    }
  }
}
