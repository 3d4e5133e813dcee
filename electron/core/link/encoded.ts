import type { FromCore } from '#shared/link/messages.ts';
import type { Told } from './shown.ts';

/** From so many bytes on, what many are told goes out as it lies in memory; less is copied, which is quicker than two pieces. */
const SHARED_FROM = 16 * 1024;

/**
 * A message as JSON, in one piece or two. Of what many are told only the numbers that are the page's own are written anew;
 * the rest is one buffer for all of them, however long it waits for whom.
 */
export function encoded(message: FromCore, told: Told | undefined): readonly [Buffer, Buffer?] {
  if (!told || !('revision' in message)) return [Buffer.from(JSON.stringify(message))];
  const own = Buffer.from(`{"t":"${message.t}","sub":${message.sub},"revision":${message.revision},`, 'latin1');
  return told.json.length < SHARED_FROM ? [Buffer.concat([own, told.json])] : [own, told.json];
}
