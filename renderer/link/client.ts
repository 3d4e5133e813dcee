import type { CommandResult, FromCore, Items, ToCore } from '#shared/link/messages.ts';
import type { Json } from '#shared/json.ts';
import { LINK_VERSION } from '#shared/link/messages.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** What a subscription feeds. Called inside one frame, before its paint. */
export interface ViewSink {
  snapshot(items: Items, eventTime: number): void;
  patch(set: Items, remove: readonly string[], eventTime: number): void;
}

export interface Painted {
  eventTime: number;
  revision: number;
}

export interface LinkHooks {
  /** Runs `work` before the next paint and `painted` in a task after it. */
  frame(work: () => void, painted: () => void): void;
  linked(linked: boolean): void;
  /** Newest event and revision whose effect the screen now shows. */
  painted(painted: Painted): void;
  /** The core refused a view or our protocol version. */
  refused(code: string, message: string): void;
}

const ASK_AGAIN_MS = 10_000;
const NO_LINK: CommandResult = { ok: false, error: { code: 'no-link', message: 'There is no link to the core; whether it was done is not known.' } };

interface Subscription {
  sub: number;
  view: string;
  params: Record<string, string> | undefined;
  sink: ViewSink;
  /** Last revision applied; -1 until the snapshot. */
  revision: number;
  eventTime: number;
}

type Update = Extract<FromCore, { t: 'snapshot' | 'patch' }>;

/**
 * The page's end of the link. Updates that arrive between two frames are applied together in the next one and
 * acknowledged after its paint; a gap in revisions or a new transport subscribes anew.
 */
export class LinkClient {
  readonly #hooks: LinkHooks;
  readonly #role: 'wall' | 'desk' | 'kiosk';
  readonly #subscriptions = new Map<number, Subscription>();
  #transport: Transport | undefined;
  #nextSub = 1;
  #pending: Update[] = [];
  readonly #asked = new Map<number, (result: CommandResult) => void>();
  #nextCommand = 1;

  constructor(role: 'wall' | 'desk' | 'kiosk', hooks: LinkHooks) {
    this.#role = role;
    this.#hooks = hooks;
  }

  /** Takes over a newly opened transport; the one before is dropped. */
  attach(open: (events: TransportEvents) => Transport): void {
    this.#transport?.close();
    this.#forsake();
    this.#pending = [];
    const transport: Transport = open({
      message: (message) => this.#receive(message),
      closed: () => {
        if (this.#transport !== transport) return;
        this.#transport = undefined;
        this.#forsake();
        this.#hooks.linked(false);
      },
    });
    this.#transport = transport;
    this.#send({ t: 'hello', versions: [LINK_VERSION], role: this.#role });
    for (const subscription of [...this.#subscriptions.values()]) this.#renew(subscription);
  }

  /** Follows a view until the returned function is called. */
  subscribe(view: string, params: Record<string, string> | undefined, sink: ViewSink): () => void {
    const subscription: Subscription = { sub: this.#nextSub++, view, params, sink, revision: -1, eventTime: 0 };
    this.#subscriptions.set(subscription.sub, subscription);
    this.#ask(subscription);
    return () => {
      this.#subscriptions.delete(subscription.sub);
      this.#send({ t: 'unsubscribe', sub: subscription.sub });
    };
  }

  /** Asks the core for an operation of the Command API. Never rejects: a link that is lost meanwhile is a refusal like others. */
  command(name: string, args: Record<string, Json> = {}): Promise<CommandResult> {
    if (!this.#transport) return Promise.resolve(NO_LINK);
    const id = this.#nextCommand++;
    const result = new Promise<CommandResult>((resolve) => this.#asked.set(id, resolve));
    this.#send({ t: 'command', id, name, args });
    return result;
  }

  /** Nobody will answer what was asked; whether it was done is not known. */
  #forsake(): void {
    for (const settle of this.#asked.values()) settle(NO_LINK);
    this.#asked.clear();
  }

  #send(message: ToCore): void {
    this.#transport?.send(message);
  }

  #ask({ sub, view, params }: Subscription): void {
    this.#send(params ? { t: 'subscribe', sub, view, params } : { t: 'subscribe', sub, view });
  }

  /** A new number, so that late messages of the old one are not taken for the new one's. */
  #renew(subscription: Subscription): void {
    this.#subscriptions.delete(subscription.sub);
    subscription.sub = this.#nextSub++;
    subscription.revision = -1;
    this.#subscriptions.set(subscription.sub, subscription);
    this.#ask(subscription);
  }

  /** What was shown must not stay as if it still held; the view may come back. */
  #refused(sub: number): void {
    const subscription = this.#subscriptions.get(sub);
    if (!subscription) return;
    subscription.sink.snapshot({}, subscription.eventTime);
    setTimeout(() => this.#subscriptions.get(sub) === subscription && this.#renew(subscription), ASK_AGAIN_MS);
  }

  #receive(message: FromCore): void {
    switch (message.t) {
      case 'hello':
        this.#hooks.linked(true);
        break;
      case 'refused':
        this.#hooks.refused(message.code, message.message);
        if (message.sub !== undefined) this.#refused(message.sub);
        break;
      case 'snapshot':
      case 'patch':
        this.#pending.push(message);
        if (this.#pending.length === 1) {
          const touched = new Map<number, number>();
          this.#hooks.frame(
            () => this.#apply(touched),
            () => this.#acknowledge(touched),
          );
        }
        break;
      case 'result': {
        const settle = this.#asked.get(message.id);
        this.#asked.delete(message.id);
        settle?.(message);
        break;
      }
    }
  }

  #apply(touched: Map<number, number>): void {
    const updates = this.#pending;
    this.#pending = [];
    for (const update of updates) {
      const subscription = this.#subscriptions.get(update.sub);
      if (!subscription) continue;
      if (update.t === 'snapshot') subscription.sink.snapshot(update.items, update.eventTime);
      else if (update.revision === subscription.revision + 1) {
        subscription.sink.patch(update.set, update.remove, update.eventTime);
      } else {
        this.#send({ t: 'unsubscribe', sub: update.sub });
        touched.delete(update.sub);
        this.#renew(subscription);
        continue;
      }
      subscription.revision = update.revision;
      subscription.eventTime = Math.max(subscription.eventTime, update.eventTime);
      touched.set(update.sub, update.revision);
    }
  }

  #acknowledge(touched: ReadonlyMap<number, number>): void {
    if (touched.size === 0) return;
    let eventTime = 0;
    let revision = 0;
    for (const subscription of this.#subscriptions.values()) {
      // The frame hears of every event; only the board's own views say what the board shows.
      if (subscription.view === 'frame') continue;
      eventTime = Math.max(eventTime, subscription.eventTime);
      revision = Math.max(revision, subscription.revision);
    }
    if (revision > 0) this.#hooks.painted({ eventTime, revision });
    for (const [sub, revision] of touched) this.#send({ t: 'ack', sub, revision });
  }
}
