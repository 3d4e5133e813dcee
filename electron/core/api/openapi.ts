import { z } from 'zod';
import { PERMISSIONS, ROLE_NAMES, ROLES } from '#shared/access/roles.ts';
import type { Json } from '#shared/json.ts';
import { API_BASE, type Operation } from '#shared/api/operation.ts';
import { problemSchema } from '#shared/api/problem.ts';
import { PROBLEM_MEDIA } from './problem.ts';

type Part = { [key: string]: Json };

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request is at fault; `faults` says where.', 401: 'No valid credential.', 403: 'The credential does not reach so far.', 404: 'There is no such thing.', 409: 'Another state stands in the way, or the first request with this key is still at work.',
  410: 'It was there and is kept no longer.', 412: 'What was to be replaced has changed meanwhile.', 413: 'The request is too large.', 415: 'The body is no JSON.', 422: 'Understood, and it cannot be done; or this key was used for another request.',
  428: 'If-Match is missing.', 429: 'Too many requests; Retry-After says when.', 500: 'A fault of Vigil, written to its log.', 503: 'Not now: the store takes nothing, or too much is asked at once.',
};

/** Schema of what is sent (`input`) or answered. */
const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Part => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Part;
  return rest;
};

const content = (schema: z.ZodType, io: 'input' | 'output', media: string | readonly string[] = 'application/json'): Part => ({ content: Object.fromEntries([media].flat().map((one) => [one, { schema: jsonSchema(schema, io) }])) });

function parameters(schema: z.ZodObject | undefined, where: 'path' | 'query'): Part[] {
  if (!schema) return [];
  const { properties, required = [] } = jsonSchema(schema, 'input') as { properties: Record<string, Part>; required?: string[] };
  return Object.entries(properties).map(([name, part]) => ({ name, in: where, required: where === 'path' || required.includes(name), schema: part }));
}

/** Problems that an operation may answer with, by status. */
export const problemsOf = (operation: Operation): number[] => [400, 401, 403, ...(operation.body ? [413, 415] : []), ...(operation.guarded ? [412] : []), ...(operation.guarded === true ? [428] : []), ...(operation.repeatable ? [409, 422] : []), ...(operation.problems ?? []), 429, 500, 503];

function describe(operation: Operation): Part {
  const { id, tag, summary, description, permission, also, params, query, body, answer, media, status = answer ? 200 : 204, conditional, repeatable, guarded, creates } = operation;
  const header = (name: string, text: string, required = false): Part => ({ name, in: 'header', required, description: text, schema: { type: 'string', maxLength: 256 } });
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: [
      ...parameters(params, 'path'),
      ...parameters(query, 'query'),
      ...(conditional ? [header('If-None-Match', 'Answers 304 while nothing changed.')] : []),
      ...(repeatable ? [header('Idempotency-Key', 'Sent again with the same key within a day, a write is done once and answered alike.')] : []),
      ...(guarded ? [header('If-Match', 'ETag of what is to be replaced.', guarded === true && !creates)] : []),
      ...(creates ? [header('If-None-Match', '`*` instead of If-Match: only where there is nothing yet.')] : []),
    ],
    ...(body ? { requestBody: { required: true, ...content(body, 'input') } } : {}),
    responses: {
      [status]: { description: 'Done.', ...(answer ? content(answer, 'output', media) : {}) },
      ...(creates ? { 201: { description: 'Made.', ...content(answer!, 'output') } } : {}),
      ...(conditional ? { 304: { description: 'Nothing changed.' } } : {}),
      ...Object.fromEntries(problemsOf(operation).map((code) => [code, { description: PROBLEMS[code]!, ...content(problemSchema, 'output', PROBLEM_MEDIA) }])),
    },
    security: permission === 'anyone' ? [{}] : [{ token: [] }, { session: [] }],
    'x-permission': permission,
    ...(also === undefined ? {} : { 'x-also': also }),
    'x-roles': ROLE_NAMES.filter((role) => [permission, also ?? permission].every((needed) => needed === 'anyone' || (ROLES[role] as readonly string[]).includes(needed))),
  };
}

/** Schemas that contain themselves stand where the document can be pointed into, and are named by what they hold. */
function hoisted(value: Json, names: Map<string, string>, schemas: Part): Json {
  if (Array.isArray(value)) return value.map((item) => hoisted(item, names, schemas));
  if (typeof value !== 'object' || value === null) return value;
  const { $defs, ...rest } = value as Part & { $defs?: Part };
  if (!$defs) return Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, hoisted(item, names, schemas)]));
  const text = JSON.stringify($defs);
  const prefix = names.get(text) ?? `Recursive${names.size + 1}_`;
  names.set(text, prefix);
  const pointed = (part: Json): Json => JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', `"#/components/schemas/${prefix}`)) as Json;
  for (const [name, part] of Object.entries($defs)) schemas[prefix + name] = pointed(part);
  return hoisted(pointed(rest), names, schemas);
}

/** The OpenAPI 3.1 document of the operations, from the same schemas that check requests. */
export function openApi(operations: readonly Operation[], version: string): Part {
  const schemas: Part = {};
  const names = new Map<string, string>();
  const paths: Record<string, Part> = {};
  for (const operation of operations) (paths[API_BASE + operation.path] ??= {})[operation.method.toLowerCase()] = hoisted(describe(operation), names, schemas);
  return {
    openapi: '3.1.0',
    info: { title: 'Vigil Command API', version, description: `Permissions: ${Object.entries(PERMISSIONS).map(([name, may]) => `${name}: ${may}`).join('. ')}.` },
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie', name: 'vigil_session' } } },
  };
}
