import { API_BASE } from '#shared/api/operation.ts';
import { logPageSchema, readLogPage, type LogPageBody } from '#shared/api/log.ts';

/** Status: events after the position were trimmed. */
export const TRIMMED = 410;

/** Events of one page: small enough that live events do not wait long behind it. */
const PAGE = 500;
const ANSWER_MS = 30_000;

/** The hub refuses; what it says tells what to do. `status`: of its answer. */
export class HubRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface From {
  readonly after: number;
  readonly check: string | null;
  /** State hash of the baseline that this station has. */
  readonly baseline: string | null;
}

/**
 * A page of a hub's log.
 * @param url address of the hub's API, such as https://hub:8073
 * @param token API token with `log.read`
 * @throws HubRefusal for any answer but a page; otherwise what the network says
 */
export async function hubPage(url: string, token: string | undefined, { after, check, baseline }: From, signal: AbortSignal): Promise<LogPageBody> {
  const query = new URLSearchParams({ after: String(after), limit: String(PAGE), ...(check === null ? {} : { check }), ...(baseline === null ? {} : { baseline }) });
  const response = await fetch(new URL(`${API_BASE}${readLogPage.path}?${query}`, url), {
    headers: bearer(token),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  });
  if (!response.ok) throw await refusalOf(response);
  const page = logPageSchema.safeParse(await response.json().catch(() => undefined));
  if (page.success) return page.data;
  throw new HubRefusal(response.status, 'it answered with something else than a page of a log: is this the address of a Vigil, and of this version?');
}

export const bearer = (token: string | undefined): Record<string, string> => (token === undefined ? {} : { authorization: `Bearer ${token}` });

/** What an answer that is none says. */
export async function refusalOf(response: Response): Promise<HubRefusal> {
  const body = (await response.json().catch(() => undefined)) as { detail?: string } | undefined;
  return new HubRefusal(response.status, body?.detail ?? `it answered ${response.status}`);
}

/** What stood in the way, with the network's own word for it. */
export function reasonOf(error: Error): string {
  const cause = (error as { cause?: { message?: string } }).cause?.message;
  return cause === undefined || cause === '' ? error.message : `${error.message}: ${cause}`;
}
