import type { FromCore } from '#shared/link/messages.ts';
import type { Told } from './shown.ts';

/** A message as JSON. Of what many are told only the numbers that are the page's own are written anew. */
export function encoded(message: FromCore, told: Told | undefined): Buffer {
  if (!told || !('revision' in message)) return Buffer.from(JSON.stringify(message));
  const own = `{"t":"${message.t}","sub":${message.sub},"revision":${message.revision},`;
  const whole = Buffer.allocUnsafe(own.length + told.json.length);
  whole.write(own, 'latin1');
  told.json.copy(whole, own.length);
  return whole;
}
