import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { LINK_VERSION } from '#shared/link/messages.ts';

/** Walls that look at views over WebSockets, and acknowledge at once what they get. */
export interface WallsOrder {
  readonly url: string;
  readonly walls: number;
  /** Each wall's views with their parameters. */
  readonly views: readonly { readonly view: string; readonly params: Record<string, string> }[];
  readonly warmMs: number;
  readonly measureMs: number;
}

export interface WallsReport {
  /** From an event's time, at which it was published, to the message that first told a wall of it, ms, in order. */
  readonly latencies: Float64Array;
  readonly messages: number;
  readonly bytes: number;
}

const { url, walls, views, warmMs, measureMs } = workerData as WallsOrder;
/** A message says its numbers first: to read them is cheap, and the walls must not be what is measured. */
const NUMBERS = /"sub":(\d+),"revision":(\d+),"eventTime":(\d+)/;
const NUMBERS_END = 120;

const latencies: number[] = [];
let measuring = false;
let messages = 0;
let bytes = 0;

async function wall(): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const told = views.map(() => 0);
  socket.on('message', (data: Buffer) => {
    const now = Date.now();
    const numbers = NUMBERS.exec(data.toString('latin1', 0, NUMBERS_END));
    if (!numbers) return;
    const [sub, revision, eventTime] = numbers.slice(1).map(Number) as [number, number, number];
    socket.send(`{"t":"ack","sub":${sub},"revision":${revision}}`);
    if (!measuring) return;
    messages++;
    bytes += data.length;
    if (eventTime > told[sub]!) latencies.push(now - eventTime);
    told[sub] = eventTime;
  });
  socket.send(JSON.stringify({ t: 'hello', versions: [LINK_VERSION], role: 'wall' }));
  views.forEach((view, sub) => socket.send(JSON.stringify({ t: 'subscribe', sub, ...view })));
  return socket;
}

const sockets: WebSocket[] = [];
for (let i = 0; i < walls; i++) sockets.push(await wall());
parentPort!.postMessage('open');
setTimeout(() => {
  measuring = true;
  setTimeout(() => {
    parentPort!.postMessage({ latencies: Float64Array.from(latencies).sort(), messages, bytes } satisfies WallsReport);
    for (const socket of sockets) socket.terminate();
  }, measureMs);
}, warmMs);
