import { onTestFinished } from 'vitest';
import type { Json } from '#shared/json.ts';
import type { CommandResult, FromCore } from '#shared/link/messages.ts';
import { LinkSocket } from './link-socket.ts';
import { until } from './until.ts';

/** A page of a serving core that gives commands and keeps everything it was told; goes with the test. */
export async function commandPage(wall: string) {
  const socket = await LinkSocket.open(wall);
  onTestFinished(() => socket.close());
  const told: FromCore[] = [];
  socket.listen((message) => told.push(message));
  socket.greet();
  let id = 0;
  const command = async (name: string, args: Record<string, Json> = {}): Promise<CommandResult> => {
    const mine = ++id;
    socket.send({ t: 'command', id: mine, name, args });
    const mineOf = () => told.find((message) => message.t === 'result' && message.id === mine);
    await until(`an answer to ${name}`, () => mineOf() !== undefined);
    return mineOf() as unknown as CommandResult;
  };
  return { command, told, close: () => socket.close() };
}
