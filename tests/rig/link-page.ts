import { WebSocket } from 'ws';
import { LINK_VERSION, type FromCore, type ToCore } from '#shared/link/messages.ts';
import { Page } from '../fixtures/pages.ts';
import { until } from './until.ts';

/** A page on a serving core's WebSocket: one {@link Page} a subscription, and what else was said. */
export class LinkPage {
  readonly said: FromCore[] = [];
  readonly #socket: WebSocket;
  readonly #pages = new Map<number, Page>();
  readonly #acknowledging = new Set<number>();
  #failure: Error | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      try {
        this.#receive(JSON.parse(data.toString()) as FromCore);
      } catch (error) {
        this.#failure ??= error as Error;
      }
    });
  }

  /** Connects; greets with our version unless told otherwise. */
  static async connect(wall: string, { greet = true } = {}): Promise<LinkPage> {
    const socket = new WebSocket(`${wall.replace('http', 'ws')}/link`);
    const page = new LinkPage(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    if (greet) page.send({ t: 'hello', versions: [LINK_VERSION], role: 'wall' });
    return page;
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(message: ToCore): void {
    this.sendRaw(JSON.stringify(message));
  }

  sendRaw(text: string): void {
    this.#socket.send(text);
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
      if (this.#failure) throw this.#failure;
      return condition();
    });
  }

  close(): void {
    this.#socket.terminate();
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
