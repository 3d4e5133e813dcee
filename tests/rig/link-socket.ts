import { WebSocket } from 'ws';
import { LINK_VERSION, type FromCore, type ToCore } from '#shared/link/messages.ts';

/** The WebSocket link of a serving core, as a browser opens it. */
export class LinkSocket {
  readonly #socket: WebSocket;
  #failure: Error | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** @param wall address of the core's page @param cookie as a browser would send it */
  static async open(wall: string, cookie?: string): Promise<LinkSocket> {
    const socket = new WebSocket(`${wall.replace('http', 'ws')}/link`, cookie === undefined ? {} : { headers: { cookie } });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new LinkSocket(socket);
  }

  /** Hands on what the core says; the core says nothing before it is spoken to. What `listener` throws, {@link check} throws. */
  listen(listener: (message: FromCore) => void): void {
    this.#socket.on('message', (data: Buffer) => {
      try {
        listener(JSON.parse(data.toString()) as FromCore);
      } catch (error) {
        this.#failure ??= error as Error;
      }
    });
  }

  /** Greets as a wall of our version. */
  greet(): void {
    this.send({ t: 'hello', versions: [LINK_VERSION], role: 'wall' });
  }

  send(message: ToCore): void {
    this.sendRaw(JSON.stringify(message));
  }

  sendRaw(text: string): void {
    this.#socket.send(text);
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Throws what went against the link's protocol meanwhile. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  close(): void {
    this.#socket.terminate();
  }
}
