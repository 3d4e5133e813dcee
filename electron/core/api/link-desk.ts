import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { API_BASE, type Operation } from '#shared/api/operation.ts';
import { createSession, deleteSession, SESSION_COOKIE } from '#shared/api/access.ts';
import type { CommandResult } from '#shared/link/messages.ts';
import type { Json } from '#shared/json.ts';
import type { Desk } from '../link/desk.ts';

const value = () => z.union([z.string().max(1_024), z.number()]);
/** What a command says beside the name of its operation. */
const argsSchema = z.strictObject({ params: z.record(z.string(), value()).optional(), query: z.record(z.string(), value()).optional(), body: z.json().optional(), ifMatch: z.string().max(256).optional(), key: z.string().max(256).optional() });

/** What a part of an address cannot be: half a character, or a step within it. */
const isNoPart = (text: string): boolean => /\p{Surrogate}/u.test(text) || text === '.' || text === '..';

const refused = (code: string, message: string): CommandResult => ({ ok: false, error: { code, message } });

/**
 * A page's commands are the operations of the API, asked within the core: what is checked, allowed, limited and audited
 * over HTTP is so over the link. Signing in keeps the secret of the session here.
 */
export class LinkDesk implements Desk {
  readonly #server: FastifyInstance;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #from: string;
  readonly #log: (line: string) => void;
  /** Of a session that was begun at this page. */
  #secret: string | undefined;
  /** Of the browser that the page runs in; it goes on when the page has gone. */
  #cookie: string | undefined;
  #closed = false;

  /** `from` is the address that the trail is to name, `cookie` the secret of the browser's session, where it sent one. */
  constructor(server: FastifyInstance, operations: ReadonlyMap<string, Operation>, { from, cookie, log }: { from: string; cookie: string | undefined; log: (line: string) => void }) {
    this.#server = server;
    this.#operations = operations;
    this.#from = from;
    this.#log = log;
    this.#cookie = cookie;
  }

  async run(name: string, raw: unknown): Promise<CommandResult> {
    try {
      return await this.#run(name, raw);
    } catch (error) {
      this.#log(`command ${JSON.stringify(name)} failed: ${(error as Error).stack}`);
      return refused('500', 'Vigil failed at this; its log has the fault.');
    }
  }

  async #run(name: string, raw: unknown): Promise<CommandResult> {
    const operation = this.#operations.get(name);
    if (!operation || operation.media || operation.status === 302) return refused('unknown-command', `This core has no command "${name}".`);
    const parsed = argsSchema.safeParse(raw);
    if (!parsed.success) return refused('400', parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'args'}: ${message}`).join('; '));
    const { params = {}, query = {}, body, ifMatch, key } = parsed.data;
    for (const [field, text] of Object.entries(params)) if (isNoPart(String(text))) return refused('400', `params ${field}: ${JSON.stringify(text)} cannot be part of an address`);
    const path = operation.path.replace(/\{(\w+)\}/g, (_, field: string) => encodeURIComponent(params[field] ?? ''));
    const search = new URLSearchParams(Object.entries(query).map(([field, text]) => [field, String(text)]));
    const signsIn = name === createSession.id;
    const payload = signsIn && typeof body === 'object' ? { ...body, bearer: true } : body;
    const secret = this.#secret;
    const response = await this.#server.inject({
      method: operation.method,
      url: `${API_BASE}${path}${search.size > 0 ? `?${search}` : ''}`,
      remoteAddress: this.#from,
      headers: { host: 'localhost', ...this.#credential(), ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }), ...(key === undefined ? {} : { 'idempotency-key': key }), ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    });
    const answer = response.body === '' ? null : (JSON.parse(response.body) as Json);
    if (response.statusCode >= 400) {
      // A session that has ended is none, and who was there before it does not come back: what needs none works on.
      if (response.statusCode === 401 && !signsIn && this.#secret === secret) this.#secret = this.#cookie = undefined;
      return refused(String(response.statusCode), (answer as { detail: string }).detail);
    }
    if (name === deleteSession.id) this.#secret = this.#cookie = undefined;
    if (signsIn) {
      const { secret: begun, ...who } = answer as { secret: string } & Record<string, Json>;
      this.#secret = begun;
      this.#cookie = undefined;
      if (this.#closed) this.close();
      return { ok: true, value: who };
    }
    const { etag } = response.headers;
    return { ok: true, value: answer, ...(typeof etag === 'string' ? { tag: etag } : {}) };
  }

  close(): void {
    this.#closed = true;
    if (this.#secret !== undefined) void this.run(deleteSession.id, {});
  }

  #credential(): Record<string, string> {
    if (this.#secret !== undefined) return { authorization: `Bearer ${this.#secret}` };
    return this.#cookie === undefined ? {} : { cookie: `${SESSION_COOKIE}=${this.#cookie}` };
  }
}
