import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What becomes of an answer's body: passed on whole, in part and then nothing more, or with one byte changed. */
export type Meddling = 'pass' | 'stall' | 'break-off' | 'garble';

/** Bytes of a body before it is meddled with. */
const LET_THROUGH = 200_000;

/** Stands between a station and its hub, and meddles with the answers to one path. */
export class Meddler {
  meddling: Meddling = 'pass';
  /** Answers to the path that were begun, and ended whole. */
  readonly seen = { begun: 0, whole: 0 };
  readonly #path: string;
  readonly #to: URL;
  readonly #server: Server;

  private constructor(to: string, path: string) {
    this.#to = new URL(to);
    this.#path = path;
    this.#server = createServer((asked, answer) => this.#pass(asked, answer));
  }

  static async start(to: string, path: string): Promise<Meddler> {
    const meddler = new Meddler(to, path);
    await new Promise<void>((resolve) => meddler.#server.listen(0, '127.0.0.1', resolve));
    return meddler;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const onward = request({ host: this.#to.hostname, port: this.#to.port, method: asked.method, path: asked.url, headers: asked.headers }, (got) => {
      answer.writeHead(got.statusCode!, got.headers);
      const ours = asked.url!.split('?')[0] === this.#path && got.statusCode === 200;
      if (!ours) return void got.pipe(answer);
      this.seen.begun++;
      let through = 0;
      got.on('data', (block: Buffer) => {
        const before = through;
        through += block.length;
        if (through <= LET_THROUGH || this.meddling === 'pass') return void answer.write(block);
        if (this.meddling === 'break-off') return void answer.destroy();
        if (this.meddling === 'garble' && before <= LET_THROUGH) block[block.length - 1]! ^= 1;
        if (this.meddling === 'garble') answer.write(block);
      });
      got.on('end', () => {
        if (this.meddling === 'stall') return;
        this.seen.whole++;
        answer.end();
      });
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  }
}
