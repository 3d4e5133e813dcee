import { WebSocket } from 'ws';
import { encoded } from '../link/encoded.ts';
import type { Hub } from '../link/hub.ts';

/** Code by which a WebSocket is closed that goes against what it may (RFC 6455, 7.4.1). */
export const POLICY = 1008;
/** Beyond so many bytes that a page has not read, it is told of no change and not listened to. */
const ROOM = 256 * 1024;
/** What it had asked for before still comes. Beyond so many bytes of that the link ends. */
const MOST = 4 * 1024 * 1024;
/** Messages of a page that were under way when it was no longer listened to. Beyond so many the link ends. */
const MOST_UNHEARD = 1_000;

/** Opens the link to a page over its WebSocket. What waits for the page is bounded, whatever it asks for and however little it reads. */
export function attachLink(socket: WebSocket, hub: Hub, from: string, cookie?: string): void {
  const unheard: Buffer[] = [];
  let isFull = false;
  const hasRoom = () => !(isFull ||= socket.bufferedAmount > ROOM);
  const end = () => {
    socket.close(POLICY, 'what was asked for is not read');
    // Its answer to that is listened to.
    socket.resume();
  };
  const written = () => {
    if (!isFull || socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > ROOM) return;
    isFull = false;
    while (unheard.length > 0 && hasRoom()) session.receive(parsed(unheard.shift()!));
    if (!hasRoom()) return;
    socket.resume();
    session.drained();
  };
  const session = hub.open((message, told) => {
    if (socket.bufferedAmount > MOST) return end();
    const [first, rest] = encoded(message, told);
    socket.send(first, { binary: false, fin: rest === undefined }, written);
    if (rest) socket.send(rest, { binary: false }, written);
  }, { from, cookie, room: hasRoom });
  socket.on('message', (data: Buffer) => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!socket.isPaused) session.receive(parsed(data));
    else if (unheard.push(data) > MOST_UNHEARD) return end();
    if (!hasRoom()) socket.pause();
  });
  socket.on('ping', (data: Buffer) => {
    if (hasRoom()) socket.pong(data, false, written);
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
