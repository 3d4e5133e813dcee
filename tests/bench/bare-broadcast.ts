// A bare WebSocket server that sends everybody messages of a size at a pace, each with the time at which it was made.
import { WebSocketServer } from 'ws';

const [bytes, everyMs] = process.argv.slice(2).map(Number) as [number, number];
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
let revision = 0;
setInterval(() => {
  const head = `{"t":"patch","sub":0,"revision":${++revision},"eventTime":${Date.now()},"filler":"`;
  const message = Buffer.from(`${head.padEnd(Math.max(head.length, bytes - 2), 'x')}"}`);
  for (const socket of server.clients) socket.send(message, { binary: false });
}, everyMs);
server.on('listening', () => process.send!((server.address() as { port: number }).port));
