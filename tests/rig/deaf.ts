import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { API_BASE } from '#shared/api/operation.ts';
import { LINK_VERSION, type ToCore } from '#shared/link/messages.ts';

/** Ends who asks and does not read. */
export type Close = () => void;

/** A page at the WebSocket link that says all of `messages` and reads nothing but the answer to its upgrade. */
export async function deafPage(wall: string, messages: readonly ToCore[]): Promise<Close> {
  const socket = new WebSocket(`${wall.replace('http', 'ws')}/link`);
  socket.on('error', () => {});
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.pause();
  for (const message of [{ t: 'hello', versions: [LINK_VERSION], role: 'wall' } as const, ...messages]) socket.send(JSON.stringify(message));
  return () => socket.terminate();
}

/** A client that asks for all of `paths` on one connection and reads no answer. */
export async function deafReader(wall: string, paths: readonly string[], token?: string): Promise<Close> {
  const { hostname, port, host } = new URL(wall);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => {});
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const credential = token === undefined ? '' : `authorization: Bearer ${token}\r\n`;
  for (const path of paths) socket.write(`GET ${API_BASE}${path} HTTP/1.1\r\nhost: ${host}\r\n${credential}\r\n`);
  return () => socket.destroy();
}
