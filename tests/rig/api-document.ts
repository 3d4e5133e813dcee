import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema } from './json-arbitrary.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

/** One operation as the description of a running core has it. */
export interface DescribedOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: JsonSchema | undefined;
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  readonly permission: string;
  /** All that it needs. */
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
}

export interface Document {
  readonly components: JsonSchema;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** Every operation of a description. */
export const operationsOf = (document: Document): DescribedOperation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation['operationId'] as string,
      method: method.toUpperCase(),
      path,
      parameters: (operation['parameters'] ?? []) as Parameter[],
      body: (operation['requestBody'] as { content: Content } | undefined)?.content['application/json']?.schema,
      responses: operation['responses'] as DescribedOperation['responses'],
      permission: operation['x-permission'] as string,
      permissions: [operation['x-permission'], ...('x-also' in operation ? [operation['x-also']] : [])] as string[],
      roles: operation['x-roles'] as string[],
    })),
  );

// Keywords that only describe are no fault of a schema.
const ajv = new Ajv2020({ strict: false, allErrors: false });
addFormats.default(ajv);
const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** What of a value is not as a schema of the document has it; undefined if nothing. */
export function fault(schema: JsonSchema, value: unknown, { components }: Document): string | undefined {
  let check = compiled.get(schema);
  if (!check) compiled.set(schema, (check = ajv.compile({ ...schema, components })));
  return check(value) ? undefined : ajv.errorsText(check.errors);
}

const PROBLEM = 'application/problem+json';
/** Answers to what never reaches an operation: no such address or method, address or headers too long. */
const BEFORE = new Set([404, 405, 414, 431]);

export interface Answer {
  readonly status: number;
  readonly media: string;
  readonly body: Buffer;
}

/** What of an answer is not as its operation describes it; undefined if nothing. Problems must say what they are, and nothing is an internal error. */
export function breach(operation: DescribedOperation, { status, media, body }: Answer, document: Document): string | undefined {
  const declared = operation.responses[status];
  if (status >= 500 && status !== 503) return `an internal error: ${body.toString('utf8')}`;
  if (!declared && !BEFORE.has(status)) return `${status} is not among ${Object.keys(operation.responses).join(', ')}: ${body.toString('utf8').slice(0, 300)}`;
  if (status === 304 || status === 204) return body.length === 0 ? undefined : `${status} with a body`;
  const type = media.split(';')[0]!.trim();
  if (status >= 400) return problemFault(operation, status, type, body, document);
  const content = Object.entries(declared?.content ?? {}).find(([name]) => name.split(';')[0] === type)?.[1];
  if (!content) return declared?.content === undefined && body.length === 0 ? undefined : `${media || 'no media type'} is not among ${Object.keys(declared?.content ?? {}).join(', ')}`;
  return type === 'application/json' ? fault(content.schema, JSON.parse(body.toString('utf8')), document) : undefined;
}

function problemFault({ responses }: DescribedOperation, status: number, type: string, body: Buffer, document: Document): string | undefined {
  if (type !== PROBLEM) return `${status} as ${type}`;
  const value = JSON.parse(body.toString('utf8')) as { status: number };
  if (value.status !== status) return `${status} whose body says ${value.status}`;
  const schema = (responses[status] ?? responses['400'])?.content?.[PROBLEM]?.schema;
  return schema ? fault(schema, value, document) : `no schema of problems`;
}
