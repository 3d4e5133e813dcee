import type { FromCore, ToCore } from '#shared/link/messages.ts';
import { Page } from '../fixtures/pages.ts';
import { LinkSocket } from './link-socket.ts';
import { until } from './until.ts';

/** A page on a serving core's WebSocket: one {@link Page} a subscription, and what else was said. */
export class LinkPage {
  readonly said: FromCore[] = [];
  readonly #socket: LinkSocket;
  readonly #pages = new Map<number, Page>();
  readonly #acknowledging = new Set<number>();

  private constructor(socket: LinkSocket) {
    this.#socket = socket;
    socket.listen((message) => this.#receive(message));
  }

  /** Connects; greets with our version unless told otherwise. */
  static async connect(wall: string, { greet = true, cookie }: { greet?: boolean; cookie?: string } = {}): Promise<LinkPage> {
    const socket = await LinkSocket.open(wall, cookie);
    const page = new LinkPage(socket);
    if (greet) socket.greet();
    return page;
  }

  get open(): boolean {
    return this.#socket.isOpen;
  }

  send(message: ToCore): void {
    this.#socket.send(message);
  }

  sendRaw(text: string): void {
    this.#socket.sendRaw(text);
  }

  /** Follows a view and waits for its snapshot; `acknowledge` says whether it paints what it gets. */
  async follow(sub: number, view: string, acknowledge = true): Promise<Page> {
    const page = new Page();
    this.#pages.set(sub, page);
    if (acknowledge) this.#acknowledging.add(sub);
    this.send({ t: 'subscribe', sub, view });
    await this.wait(`a snapshot of ${view}`, () => page.revision > 0);
    return page;
  }

  acknowledge(sub: number): void {
    const page = this.#pages.get(sub)!;
    page.acknowledged = page.revision;
    this.send({ t: 'ack', sub, revision: page.revision });
  }

  /** Waits for a condition; throws what the core did against the protocol meanwhile. */
  async wait(what: string, condition: () => boolean): Promise<void> {
    await until(what, () => {
      this.#socket.check();
      return condition();
    });
  }

  close(): void {
    this.#socket.close();
  }

  #receive(message: FromCore): void {
    if (message.t !== 'snapshot' && message.t !== 'patch') {
      this.said.push(message);
      return;
    }
    this.#pages.get(message.sub)?.receive(message);
    if (this.#acknowledging.has(message.sub)) this.acknowledge(message.sub);
  }
}
