import { readLocalToken } from '#core/access/local-token.ts';
import { storeFiles } from '#core/store/paths.ts';
import { CommandError } from './exit.ts';
import { siteId, type StoreFlags } from './store-options.ts';

/** Flag by which a command speaks to a core that runs, which alone may write to its store. */
export const CORE_FLAG = ['--core <url>', 'address of the running core, for example http://127.0.0.1:8073; without it the store is written to directly'] as const;

/** Where an API token is taken from when the core runs elsewhere. */
const TOKEN_VARIABLE = 'VIGIL_TOKEN';

/** A running core refused, with this HTTP status. */
export class CoreRefusal extends CommandError {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

interface Wanted {
  readonly body?: unknown;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/**
 * Asks a running core, by the token in VIGIL_TOKEN or else by the one that it keeps beside its store; throws what it
 * answered when it refused.
 */
export async function askCore<T>(core: string, store: StoreFlags, path: string, body: unknown, method = 'POST'): Promise<T> {
  return (await requestCore<T>(core, store, path, { method, body })).answer;
}

/** The same with any method, by default POST with a body, else GET; with the entity tag of the answer. */
export async function requestCore<T>(core: string, store: StoreFlags, path: string, wanted: Wanted = {}): Promise<{ answer: T; tag: string | null }> {
  const response = await answerOf(core, store, path, wanted);
  const text = await response.text();
  return { answer: (text === '' ? {} : JSON.parse(text)) as T, tag: response.headers.get('etag') };
}

/** The answer itself, its body unread; throws what was answered when the core refused. */
export async function answerOf(core: string, store: StoreFlags, path: string, { body, method = body === undefined ? 'GET' : 'POST', headers = {}, signal }: Wanted): Promise<Response> {
  const token = process.env[TOKEN_VARIABLE] ?? readLocalToken(storeFiles(store.data, siteId(store)).token);
  if (token === undefined) throw new CommandError(`no right to ask the core at ${core}: no core runs on ${store.data}, and ${TOKEN_VARIABLE} holds no API token`);
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(new URL(path, core), { method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), authorization: `Bearer ${token}`, ...headers }, ...sent, ...(signal ? { signal } : {}) });
  } catch (error) {
    throw new CommandError(`no core answers at ${core}: ${((error as Error).cause as Error | undefined)?.message ?? (error as Error).message}`);
  }
  if (response.ok) return response;
  const { detail = response.statusText } = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new CoreRefusal(`the core at ${core} refused: ${detail}`, response.status);
}
