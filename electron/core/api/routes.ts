import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { z } from 'zod';
import type { Permission } from '#shared/access/roles.ts';
import { API_BASE, type Answered, type Asked, type Operation } from '#shared/api/operation.ts';
import type { ProblemBody } from '#shared/api/problem.ts';
import type { AuditEntry } from '../access/audit.ts';
import type { AuditDesk } from '../access/audit-desk.ts';
import type { Principal } from '../access/principal.ts';
import { audited, auditRefusal, leavesEntry } from './audited.ts';
import { matches } from './entity-tag.ts';
import { Kept } from './kept-answers.ts';
import { Problem } from './problem.ts';

/** What a handler knows of a request besides what was asked. */
export interface Caller {
  readonly principal: Principal;
  /** Address that the request came from. */
  readonly from: string;
  /** Of guarded operations: the tag of what the caller means to replace. */
  readonly ifMatch: string | undefined;
  /** The caller means to make what is not there. */
  readonly ifAbsent: boolean;
  readonly reply: FastifyReply;
  /** What the audit trail is to hold besides the parameters of the path; nothing personal. */
  readonly note: (subject: AuditEntry['subject']) => void;
}

export type Handler<O extends Operation> = (asked: Asked<O>, caller: Caller) => Promise<Answered<O> | Kept<Answered<O>>> | Answered<O> | Kept<Answered<O>>;

/** Who a request comes from. Throws a {@link Problem} (401) for a credential that is not valid. */
export type Identify = (request: FastifyRequest) => Principal | Promise<Principal>;

type Faults = NonNullable<ProblemBody['faults']>;

/** An operation with its handler: what a group of routes is made of. */
export interface Route {
  readonly operation: Operation;
  readonly handler: Handler<Operation>;
  /** Answers who asks for the same by WebSocket. */
  readonly socket?: (asked: Asked<Operation>, socket: WebSocket, request: FastifyRequest) => void;
}

/** Ties a handler to its operation; its argument and answer are of the operation's own types. */
export const route = <O extends Operation>(operation: O, handler: Handler<O>): Route => ({ operation, handler: handler as Handler<Operation> });

/** After this long without an answer the caller is told to come again (503). */
const ANSWER_MS = 60_000;

/** Takes the route up into the server: who asks, whether they may, what they ask, and only then the handler. */
export function serve(server: FastifyInstance, { operation, handler: bare, socket }: Route, identify: Identify, desk: AuditDesk): void {
  const handler = audited(operation, bare, desk);
  const { method, path, permission, also } = operation;
  server.route({
    method,
    config: { operation: operation.id, audited: leavesEntry(operation) },
    // Whose body nobody takes would flow on unseen.
    exposeHeadRoute: !operation.media,
    // What has a media type of its own is streamed, and may take as long as it is read.
    ...(operation.media ? {} : { handlerTimeout: ANSWER_MS }),
    ...(socket ? { wsHandler: (opened: WebSocket, request: FastifyRequest) => socket(asked(operation, request), opened, request) } : {}),
    url: API_BASE + path.replace(/\{(\w+)\}/g, ':$1'),
    // Before the body is read: who may not ask is not listened to.
    onRequest: async (request) => {
      const principal = await identify(request);
      for (const needed of [permission, also ?? permission]) if (needed !== 'anyone' && !principal.permissions.has(needed)) {
        if (principal.kind !== 'anyone') await auditRefusal(operation, request, principal, desk);
        admit(principal, needed);
      }
      request.principal = principal;
      // Once a socket is open nothing can be refused by an answer.
      if (request.ws) asked(operation, request);
    },
    handler: async (request, reply) => {
      const ifMatch = operation.guarded && request.headers['if-match'];
      const ifAbsent = operation.creates === true && request.headers['if-none-match']?.trim() === '*';
      if (operation.guarded === true && ifMatch === undefined && !ifAbsent) throw new Problem(428, `Say by If-Match which state you mean to replace: the ETag of the answer that you read${operation.creates ? '; or by If-None-Match: * that there is to be none yet' : ''}.`);
      const answer = await handler(asked(operation, request), { principal: request.principal, from: request.ip, ifMatch, ifAbsent, reply, note: () => {} });
      if (reply.sent) return reply;
      return send(operation, request, reply, answer);
    },
  });
}

function send(operation: Operation, request: FastifyRequest, reply: FastifyReply, answer: unknown): FastifyReply {
  // Some answers name people or hold secrets; a handler says where one may be kept.
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  if (!operation.answer) return reply.code(operation.status ?? 204).send();
  reply.code(reply.statusCode === 201 ? 201 : (operation.status ?? 200));
  if (!reply.hasHeader('content-type')) reply.type([operation.media ?? 'application/json; charset=utf-8'].flat()[0]!);
  if (operation.media) return reply.send(answer);
  if (!operation.conditional) return reply.send(JSON.stringify(answer));
  const { bytes, tag } = answer instanceof Kept ? answer : new Kept(answer);
  reply.header('etag', tag);
  if (operation.conditional === true) reply.header('cache-control', 'private, no-cache');
  return matches(request.headers['if-none-match'], tag) ? reply.code(304).send() : reply.send(bytes);
}

/** Throws a {@link Problem} (401, 403) unless the principal may. */
export function admit(principal: Principal, permission: Permission): void {
  if (principal.permissions.has(permission)) return;
  if (principal.kind === 'anyone') throw new Problem(401, `Sign in or send a token: this needs ${permission}.`, { headers: { 'www-authenticate': 'Bearer' } });
  throw new Problem(403, `${principal.name} (${principal.roles.join(', ') || 'no role'}) may not do this: it needs ${permission}.`);
}

function asked(operation: Operation, request: FastifyRequest): Asked<Operation> {
  const faults: Faults = [];
  const take = (where: 'params' | 'query' | 'body', schema: z.ZodType | undefined, value: unknown) => {
    if (!schema) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    faults.push(...parsed.error.issues.map(({ path, message }) => ({ in: where, path: path.join('.'), message })));
    return undefined;
  };
  const found = { params: take('params', operation.params, request.params), query: take('query', operation.query, request.query), body: take('body', operation.body, request.body ?? {}) };
  if (faults.length > 0) throw new Problem(400, faults.map((fault) => `${fault.in} ${fault.path || '(whole)'}: ${fault.message}`).join('; '), { faults });
  return found as Asked<Operation>;
}
