/** What is refused to who asks of accounts, sessions or tokens, by the status that HTTP has for it. */
export class Refusal extends Error {
  readonly status: 401 | 403 | 404 | 409 | 412 | 429 | 503;
  /** Of 429: seconds after which to try again. */
  readonly retryAfter: number | undefined;

  /** @param message what was wrong, and what to do */
  constructor(status: Refusal['status'], message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}
