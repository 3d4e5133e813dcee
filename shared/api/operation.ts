import type { z } from 'zod';
import type { Permission } from '../access/roles.ts';

export const API_BASE = '/api/v1/ops';

/** One thing that the Command API can be asked: validated, authorised, documented and tested from this description alone. */
export interface Operation {
  /** Name in the OpenAPI document. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below {@link API_BASE}; parameters as `{name}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Who may: holders of a permission, or `anyone` who reaches the core. */
  readonly permission: Permission | 'anyone';
  /** A second permission that it needs: what leaves as a file may be no more than what may be seen. */
  readonly also?: Permission;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What a success answers; absent: no content. */
  readonly answer?: z.ZodType;
  /** Media type of the answer, or those that a handler chooses from; JSON unless told. */
  readonly media?: string | readonly string[];
  /** Status of a success; 200, or 204 without an answer. */
  readonly status?: 200 | 201 | 202 | 204 | 302;
  /** Problems besides those that many have: 400, 401, 403, 413, 415, 429, 500 and 503, and 409, 412, 422 and 428 by what stands below. */
  readonly problems?: readonly (404 | 409 | 410 | 412 | 413 | 422 | 428 | 503)[];
  /** Answers with an ETag, and 304 to whom holds it; `unkept`: a browser or proxy keeps the answer all the same no more than any other. */
  readonly conditional?: true | 'unkept';
  /** A write that may be sent again with the same `Idempotency-Key`. */
  readonly repeatable?: true;
  /** A write that is refused (412) unless `If-Match` names what is being replaced (428 without); `on request`: only of who sends one. */
  readonly guarded?: true | 'on request';
  /** A guarded write that also makes what is not there (201), for who sends `If-None-Match: *`. */
  readonly creates?: true;
  /** Reads much of the store: a caller has only some of them at work at once. */
  readonly costly?: true;
  /** A read that leaves an entry in the audit trail, as every write does. */
  readonly audited?: true;
}

/** Keeps the schemas' own types, so that a handler's argument and answer are checked against them. */
export const defineOperation = <const O extends Operation>(operation: O): O => operation;

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
/** What a handler is given. */
export interface Asked<O extends Operation> {
  readonly params: Output<O['params']>;
  readonly query: Output<O['query']>;
  readonly body: Output<O['body']>;
}
/** What a handler answers. */
export type Answered<O extends Operation> = O['answer'] extends z.ZodType ? z.input<O['answer']> : void;
