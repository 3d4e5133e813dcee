import type { WebSocket } from 'ws';
import { encoded } from '../link/encoded.ts';
import type { Hub } from '../link/hub.ts';

/** Bytes queued on one socket before it counts as gone; the link's own back-pressure acts far earlier. */
const SOCKET_LIMIT = 16 * 1024 * 1024;
/** Beyond so many bytes that it has not read, a page is not listened to: what it asks for would only be added. */
const DEAF_BEYOND = 1024 * 1024;

/** Opens the link to a page over its WebSocket. */
export function attachLink(socket: WebSocket, hub: Hub, from: string, cookie?: string): void {
  const listens = () => {
    if (socket.isPaused && socket.bufferedAmount <= DEAF_BEYOND) socket.resume();
  };
  const session = hub.open((message, told) => {
    if (socket.bufferedAmount > SOCKET_LIMIT) socket.terminate();
    else socket.send(encoded(message, told), { binary: false }, listens);
  }, from, cookie);
  socket.on('message', (data: Buffer) => {
    session.receive(parsed(data));
    if (socket.bufferedAmount > DEAF_BEYOND) socket.pause();
  });
  socket.on('close', () => session.close());
  socket.on('error', () => socket.terminate());
}

/** What a frame holds; undefined, which the hub answers as it answers any bad message, if it is no JSON. */
function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}
