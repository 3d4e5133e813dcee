import type { ProblemBody } from '#shared/api/problem.ts';

export const PROBLEM_MEDIA = 'application/problem+json';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request', 401: 'Who are you?', 403: 'Forbidden', 404: 'Not found', 405: 'Method not allowed', 408: 'Too slow', 409: 'Conflict', 410: 'Gone',
  412: 'Changed meanwhile', 413: 'Too large', 414: 'Address too long', 415: 'Unsupported media type', 422: 'Not acceptable', 428: 'Condition required', 429: 'Too many requests',
  431: 'Headers too large', 500: 'Internal error', 503: 'Not available',
};

/** A refusal that is the answer (RFC 9457): thrown by handlers, sent by the server. */
export class Problem extends Error {
  readonly status: number;
  readonly faults: ProblemBody['faults'];
  readonly headers: Readonly<Record<string, string>>;

  /** @param detail what was wrong, where, and what to do */
  constructor(status: number, detail: string, { faults, headers = {} }: { faults?: ProblemBody['faults']; headers?: Readonly<Record<string, string>> } = {}) {
    super(detail);
    this.status = status;
    this.faults = faults;
    this.headers = headers;
  }

  get body(): ProblemBody {
    return { type: 'about:blank', title: TITLES[this.status] ?? 'Refused', status: this.status, detail: this.message, ...(this.faults ? { faults: this.faults } : {}) };
  }
}
