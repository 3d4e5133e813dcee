import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** A page that shows a colour and says when it has painted it: the floor of a cold start. */
const BLANK = `<!doctype html><title>floor</title><body style="background:#101316"><script>
requestAnimationFrame(() => setTimeout(() => { document.documentElement.dataset.paintedEventTime = '1'; }));
</script>`;

/** A bare WebSocket to canvas: one rectangle and one number an event, no storage, no projection. */
const CANVAS = `<!doctype html><title>floor</title><body style="margin:0;background:#101316"><canvas width="1920" height="1080"></canvas><script>
const ink = document.querySelector('canvas').getContext('2d');
ink.font = '22px sans-serif';
const dirty = new Map();
let newest = 0;
function paint() {
  for (const [i, text] of dirty) {
    const x = (i % 30) * 64, y = Math.floor(i / 30) * 50;
    ink.fillStyle = '#46535E'; ink.fillRect(x, y, 60, 46);
    ink.fillStyle = '#F7F9FA'; ink.fillText(text, x + 4, y + 26);
  }
  dirty.clear();
  const painted = newest;
  setTimeout(() => { document.documentElement.dataset.paintedEventTime = String(painted); });
}
let asked = false;
new WebSocket('ws://' + location.host).onmessage = ({ data }) => {
  const event = JSON.parse(data);
  newest = Math.max(newest, Date.parse(event.time));
  dirty.set(event.sequence % 600, String(event.sequence % 1000));
  if (!asked) { asked = true; requestAnimationFrame(() => { asked = false; paint(); }); }
};
</script>`;

/** Serves the floor pages on loopback and sends texts to whoever looks at the canvas. */
export class FloorServer {
  readonly #http: Server;
  readonly #sockets = new Set<WebSocket>();

  private constructor(http: Server) {
    this.#http = http;
    new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) => this.#sockets.add(socket));
  }

  static async start(): Promise<FloorServer> {
    const http = createServer({ noDelay: true }, (request, response) => response.setHeader('content-type', 'text/html').end(request.url === '/blank' ? BLANK : CANVAS));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return new FloorServer(http);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get watched(): boolean {
    return this.#sockets.size > 0;
  }

  send(text: string): void {
    for (const socket of this.#sockets) socket.send(text);
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.#http.close();
  }
}
