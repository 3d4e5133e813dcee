import { Readable } from 'node:stream';
import { followView } from '#shared/api/live.ts';
import { LINK_VERSION, type FromCore } from '#shared/link/messages.ts';
import type { Hub, Session } from '../link/hub.ts';
import { encoded } from '../link/encoded.ts';
import type { Told } from '../link/shown.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';
import type { Standing } from './standing.ts';

/** A comment so often, so that proxies and readers know that the stream is alive. */
const ALIVE_MS = 15_000;
const SUB = 1;

const field = (name: string, value: string | number) => `${name}: ${value}\n`;

/** A message as an event; what many are told is the same piece for all of them. */
function event(message: FromCore, told: Told | undefined): Buffer[] {
  const revision = 'revision' in message ? field('id', message.revision) : '';
  const [first, rest] = encoded(message, told);
  const begun = Buffer.concat([Buffer.from(`${revision}${field('event', message.t)}data: `), first]);
  const end = Buffer.from('\n\n');
  return rest ? [begun, rest, end] : [Buffer.concat([begun, end])];
}

/** One view as a stream of events. While the reader has not taken what was pushed, nothing more is: the hub waits for it. */
class ViewStream extends Readable {
  readonly #session: Session;
  readonly #alive: NodeJS.Timeout;
  #greeting = true;
  #revision = 0;
  #waits = false;
  refusal: string | undefined;

  constructor(hub: Hub, view: string, params: Record<string, string>) {
    super({ highWaterMark: 1 });
    this.#session = hub.open((message, told) => this.#hear(message, told), { room: () => !this.#waits });
    this.#alive = setInterval(() => this.push(': alive\n\n'), ALIVE_MS);
    this.#session.receive({ t: 'hello', versions: [LINK_VERSION], role: 'wall' });
    this.#session.receive({ t: 'subscribe', sub: SUB, view, params });
    this.#greeting = false;
  }

  override _read(): void {
    if (!this.#waits) return;
    this.#waits = false;
    this.#session.receive({ t: 'ack', sub: SUB, revision: this.#revision });
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.#alive);
    this.#session.close();
    done(error);
  }

  #hear(message: FromCore, told: Told | undefined): void {
    if (message.t === 'hello') return;
    if (message.t === 'refused' && this.#greeting) return void (this.refusal = message.message);
    if ('revision' in message) this.#revision = message.revision;
    this.#waits = true;
    for (const piece of event(message, told)) this.push(piece);
    if (message.t === 'refused') this.push(null);
  }
}

/** Views for who has no WebSocket: server-sent events. */
export const liveRoutes = (hub: Hub, standing: Standing): Route[] => [
  route(followView, ({ params: { view }, query }, { reply }) => {
    const stream = new ViewStream(hub, view, query);
    if (stream.refusal !== undefined) {
      stream.destroy();
      throw new Problem(404, stream.refusal);
    }
    stream.once('close', standing.hold(reply.request, followView.permission, () => stream.destroy()));
    reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    return stream as never;
  }),
];
