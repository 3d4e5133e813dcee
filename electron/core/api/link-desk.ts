import { text } from 'node:stream/consumers';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { z } from 'zod';
import { createSession, deleteSession, SESSION_COOKIE } from '#shared/api/access.ts';
import type { WaitingExport } from '#shared/api/exports.ts';
import { API_BASE, type Operation } from '#shared/api/operation.ts';
import type { CommandResult } from '#shared/link/messages.ts';
import type { Json } from '#shared/json.ts';
import type { Desk } from '../link/desk.ts';
import type { WaitingFiles } from './waiting-files.ts';

const value = () => z.union([z.string().max(1_024), z.number()]);
/** What a command says beside the name of its operation. */
const argsSchema = z.strictObject({ params: z.record(z.string(), value()).optional(), query: z.record(z.string(), value()).optional(), body: z.json().optional(), ifMatch: z.string().max(256).optional(), key: z.string().max(256).optional() });

/** What a part of an address cannot be: half a character, or a step within it. */
const isNoPart = (text: string): boolean => /\p{Surrogate}/u.test(text) || text === '.' || text === '..';

/** Whether it answers a file for who takes it out of Vigil. */
const leavesAsFile = ({ permission, media }: Operation): boolean => permission === 'exports.read' && media !== undefined;

const refused = (code: string, message: string): CommandResult => ({ ok: false, error: { code, message } });

/**
 * A page's commands are the operations of the API, asked within the core: what is checked, allowed, limited and audited
 * over HTTP is so over the link. Signing in keeps the secret of the session here. A file is not told over the link: it
 * waits to be fetched.
 */
export class LinkDesk implements Desk {
  readonly #server: FastifyInstance;
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #files: WaitingFiles;
  readonly #from: string;
  readonly #log: (line: string) => void;
  /** Of a session that was begun at this page. */
  #secret: string | undefined;
  /** Of the browser that the page runs in; it goes on when the page has gone. */
  #cookie: string | undefined;
  /** Files that were made for who is signed in at this page. */
  readonly #made = new Set<string>();
  #closed = false;

  /** `from` is the address that the trail is to name, `cookie` the secret of the browser's session, where it sent one. */
  constructor(server: FastifyInstance, operations: ReadonlyMap<string, Operation>, { files, from, cookie, log }: { files: WaitingFiles; from: string; cookie: string | undefined; log: (line: string) => void }) {
    this.#server = server;
    this.#operations = operations;
    this.#files = files;
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
    if (!operation || (operation.media && !leavesAsFile(operation)) || operation.status === 302) return refused('unknown-command', `This core has no command "${name}".`);
    const parsed = argsSchema.safeParse(raw);
    if (!parsed.success) return refused('400', parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'args'}: ${message}`).join('; '));
    const { params = {}, query = {}, body, ifMatch, key } = parsed.data;
    for (const [field, text] of Object.entries(params)) if (isNoPart(String(text))) return refused('400', `params ${field}: ${JSON.stringify(text)} cannot be part of an address`);
    const path = operation.path.replace(/\{(\w+)\}/g, (_, field: string) => encodeURIComponent(params[field] ?? ''));
    const search = new URLSearchParams(Object.entries(query).map(([field, text]) => [field, String(text)]));
    const signsIn = name === createSession.id;
    const payload = signsIn && typeof body === 'object' ? { ...body, bearer: true } : body;
    const secret = this.#secret;
    const request: InjectOptions = {
      method: operation.method,
      url: `${API_BASE}${path}${search.size > 0 ? `?${search}` : ''}`,
      remoteAddress: this.#from,
      headers: { host: 'localhost', ...this.#credential(), ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }), ...(key === undefined ? {} : { 'idempotency-key': key }), ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    };
    if (leavesAsFile(operation)) return this.#file(request);
    const response = await this.#server.inject(request);
    const answer = response.body === '' ? null : (JSON.parse(response.body) as Json);
    if (response.statusCode >= 400) {
      if (response.statusCode === 401 && !signsIn) this.#forget(secret);
      return refused(String(response.statusCode), (answer as { detail: string }).detail);
    }
    if (name === deleteSession.id) this.#forget(secret);
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

  /** Has a file made, and tells by which name it waits. */
  async #file(request: InjectOptions): Promise<CommandResult> {
    const secret = this.#secret;
    const stop = new AbortController();
    const response = await this.#server.inject({ ...request, payloadAsStream: true, signal: stop.signal });
    const { 'content-type': media, 'content-disposition': disposition } = response.headers;
    if (response.statusCode >= 400) {
      if (response.statusCode === 401) this.#forget(secret);
      return refused(String(response.statusCode), (JSON.parse(await text(response.stream())) as { detail: string }).detail);
    }
    const name = /filename="([^"]+)"/.exec(String(disposition))![1]!;
    const file = this.#files.keep({ name, media: String(media), bytes: response.stream() }, () => stop.abort());
    if (file === undefined) {
      stop.abort();
      return refused('too-many', 'Too many files are being made at this core; try again when one of them is whole.');
    }
    this.#made.add(file);
    return { ok: true, value: { file, name } satisfies WaitingExport };
  }

  /** A session that has ended is none, its files with it, and who was there before it does not come back: what needs none works on. */
  #forget(secret: string | undefined): void {
    if (this.#secret !== secret) return;
    this.#secret = this.#cookie = undefined;
    for (const file of this.#made) this.#files.cancel(file);
    this.#made.clear();
  }

  #credential(): Record<string, string> {
    if (this.#secret !== undefined) return { authorization: `Bearer ${this.#secret}` };
    return this.#cookie === undefined ? {} : { cookie: `${SESSION_COOKIE}=${this.#cookie}` };
  }
}
