import { LINK_VERSION, type ToCore } from '#shared/link/messages.ts';
import type { Change, ViewContext, ViewParams } from '../views/context.ts';
import { difference, type Patch, type View } from '../views/view.ts';
import { PageCommands, type Desk } from './desk.ts';
import { Pace } from './pace.ts';
import { parseToCore } from './protocol.ts';
import { Shown } from './shown.ts';
import { Subscription, type Send } from './subscription.ts';

/** One view with one set of parameters: computed once, sent to all who look at it. */
interface Room {
  readonly view: View;
  readonly params: ViewParams;
  readonly shown: Shown;
  readonly subscriptions: Set<Subscription>;
}

const OTHER_VERSION = { t: 'refused', code: 'version', message: `This core speaks link version ${LINK_VERSION}; reload the page.` } as const;

/** A screen shows a board and its frame; each view looked at is computed every second. */
const MOST_SUBSCRIPTIONS = 16;
/** Views that a page may ask for: a screen's as it comes, and then at the pace at which somebody turns pages. */
const ASKS_AT_ONCE = 64;
const ASKS_PER_SECOND = 8;
/** Views with their parameters that are looked at at once: boards, and the plans of a large hospital. */
const MOST_ROOMS = 256;
/** Of each second, what may go into showing newcomers the very present; beyond, they begin with what others see. */
const NEWCOMERS_MS = 250;

/** The page at the other end of a link. */
export interface Page {
  /** Address of the page, for the audit trail. */
  readonly from?: string;
  /** Secret of the session that its browser is in. */
  readonly cookie?: string | undefined;
  /** Whether its link takes more now. Where it does not, changes wait for {@link Session.drained} and become one. */
  readonly room?: () => boolean;
}

/** One page's end of the link. */
export interface Session {
  /** Takes a message of the page; a bad one is answered, not thrown. */
  receive(message: unknown): void;
  /** The link that had no room has some again: the page is told what it missed. */
  drained(): void;
  close(): void;
}

/** The core's end of the link: keeps the views that pages look at, and sends each change once to each of them. */
export class Hub {
  readonly #log: (line: string) => void;
  readonly #views: ReadonlyMap<string, View>;
  readonly #context: () => ViewContext;
  readonly #eventTime: () => number;
  readonly #rooms = new Map<string, Room>();
  #newcomers = { since: -Infinity, ms: 0 };
  #openDesk: ((from: string, cookie?: string) => Desk) | undefined;

  constructor(views: ReadonlyMap<string, View>, context: () => ViewContext, eventTime: () => number, log: (line: string) => void = () => {}) {
    this.#log = log;
    this.#views = views;
    this.#context = context;
    this.#eventTime = eventTime;
  }

  /** From now on pages may give commands. */
  serve(openDesk: (from: string, cookie?: string) => Desk): void {
    this.#openDesk = openDesk;
  }

  /** Opens the link to a page that hears through `send`. */
  open(send: Send, { from = '127.0.0.1', cookie, room: hasRoom = () => true }: Page = {}): Session {
    const commands = new PageCommands(() => this.#openDesk?.(from, cookie));
    const subscriptions = new Map<number, { room: Room; subscription: Subscription }>();
    const asks = new Pace(ASKS_PER_SECOND, ASKS_AT_ONCE);
    let greeted = false;
    const leave = (sub: number) => {
      const held = subscriptions.get(sub);
      subscriptions.delete(sub);
      if (held) this.#leave(held.room, held.subscription);
    };
    const receive = (message: ToCore) => {
      if (message.t === 'hello') {
        greeted = message.versions.includes(LINK_VERSION);
        return send(greeted ? { t: 'hello', version: LINK_VERSION } : OTHER_VERSION);
      }
      if (message.t === 'unsubscribe') return leave(message.sub);
      if (message.t === 'ack') return subscriptions.get(message.sub)?.subscription.acknowledge(message.revision);
      if (message.t === 'command') {
        return void commands.run(message.name, message.args).then((result) => result && send({ t: 'result', id: message.id, ...result }));
      }
      // A page of another version would misread what it is sent.
      if (!greeted) return send({ ...OTHER_VERSION, sub: message.sub });
      leave(message.sub);
      if (!asks.take()) return send({ t: 'refused', sub: message.sub, code: 'too-many', message: `A page may ask for ${ASKS_PER_SECOND} views a second.` });
      if (subscriptions.size >= MOST_SUBSCRIPTIONS) {
        return send({ t: 'refused', sub: message.sub, code: 'too-many', message: `A page may look at ${MOST_SUBSCRIPTIONS} views at once.` });
      }
      const view = this.#views.get(message.view);
      if (!view) return send({ t: 'refused', sub: message.sub, code: 'unknown-view', message: `This core has no view "${message.view}".` });
      const room = this.#room(view, message.params ?? {});
      if (!room) return send({ t: 'refused', sub: message.sub, code: 'too-many', message: `${MOST_ROOMS} different views are looked at already; ask again later.` });
      const subscription = new Subscription(message.sub, room.shown, send, hasRoom);
      subscriptions.set(message.sub, { room, subscription });
      // Who comes late must not start from what was true up to a second ago: in a fast replay that is a minute.
      this.#newcomer(room);
      room.subscriptions.add(subscription);
      if (this.#has(room)) subscription.snapshot();
      else subscription.refuse('view-failed', `The view ${message.view} cannot be computed.`);
    };
    return {
      receive: (raw) => {
        const parsed = parseToCore(raw);
        if (parsed.ok) receive(parsed.message);
        else send({ t: 'refused', code: 'bad-message', message: parsed.problem });
      },
      drained: () => subscriptions.forEach(({ subscription }) => subscription.tell()),
      close: () => {
        commands.close();
        [...subscriptions.keys()].forEach(leave);
      },
    };
  }

  get pages(): number {
    let pages = 0;
    for (const room of this.#rooms.values()) pages += room.subscriptions.size;
    return pages;
  }

  /**
   * What must be painted in the frame of these changes; with `summed`, also what sums up those. Pages that show nothing
   * of it hear how far the core has come.
   */
  refresh(changes: readonly Change[], summed?: readonly Change[]): void {
    const context = this.#context();
    for (const room of this.#rooms.values()) {
      if (room.view.calm && !summed) continue;
      this.#guarded(room, () => this.#send(room, room.view.refresh(context, room.params, changes, summed ?? [], room.shown.items)));
    }
  }

  /** Everything anew: distributions, trends, what time alone moves. */
  recompute(): void {
    const context = this.#context();
    for (const room of this.#rooms.values()) {
      this.#recompute(room, context);
      room.shown.forget(Math.min(...[...room.subscriptions].map(({ seen }) => seen)));
    }
  }

  /** Computes a view for who comes; where newcomers have taken their share of the second, only one that nobody has computed yet. */
  #newcomer(room: Room): void {
    const begun = performance.now();
    if (begun - this.#newcomers.since >= 1_000) this.#newcomers = { since: begun, ms: 0 };
    if (this.#newcomers.ms >= NEWCOMERS_MS && room.shown.version > 0) return;
    this.#recompute(room, this.#context());
    this.#newcomers.ms += performance.now() - begun;
  }

  #recompute(room: Room, context: ViewContext): void {
    this.#guarded(room, () => this.#send(room, difference(room.shown.items, room.view.compute(context, room.params))));
  }

  /** A view that cannot be computed is taken from its pages, with the reason, and not from ingest and the other boards. */
  #guarded(room: Room, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#log(`view ${room.view.name} failed: ${(error as Error).stack}`);
      for (const subscription of room.subscriptions) subscription.refuse('view-failed', `The view ${room.view.name} cannot be computed: ${(error as Error).message}`);
      room.subscriptions.clear();
      this.#close(room);
    }
  }

  #has(room: Room): boolean {
    return [...this.#rooms.values()].includes(room);
  }

  #close(room: Room): void {
    for (const [key, known] of this.#rooms) if (known === room) this.#rooms.delete(key);
  }

  #send(room: Room, patch: Patch): void {
    if (!room.shown.take(patch, this.#eventTime())) return;
    for (const subscription of room.subscriptions) subscription.tell();
  }

  /** Undefined where too many are open. What a view does not heed makes no room of its own. */
  #room(view: View, asked: ViewParams): Room | undefined {
    const params: ViewParams = Object.fromEntries(view.params.flatMap((name) => (asked[name] === undefined ? [] : [[name, asked[name]]])));
    const key = `${view.name}?${new URLSearchParams(params)}`;
    const known = this.#rooms.get(key);
    if (known) return known;
    if (this.#rooms.size >= MOST_ROOMS) return undefined;
    const room: Room = { view, params, shown: new Shown(this.#eventTime()), subscriptions: new Set() };
    this.#rooms.set(key, room);
    return room;
  }

  /** The last one to leave puts out the light: an unwatched view costs nothing. */
  #leave(room: Room, subscription: Subscription): void {
    room.subscriptions.delete(subscription);
    if (room.subscriptions.size === 0) this.#close(room);
  }
}
