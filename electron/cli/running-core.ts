import { CommandError } from './exit.ts';

/** Flag by which a command speaks to a core that runs, which alone may write to its store. */
export const CORE_FLAG = ['--core <url>', 'address of the running core, for example http://127.0.0.1:8073; without it the store is written to directly'] as const;

/** Asks a running core; throws what it answered when it refused. */
export async function askCore<T>(core: string, path: string, body: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(new URL(path, core), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  } catch (error) {
    throw new CommandError(`no core answers at ${core}: ${((error as Error).cause as Error | undefined)?.message ?? (error as Error).message}`);
  }
  const answer = (await response.json()) as T & { detail?: string };
  if (!response.ok) throw new CommandError(`the core at ${core} refused: ${answer.detail ?? response.statusText}`);
  return answer;
}
