import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { API_BASE } from '#shared/api/operation.ts';
import { breach, fault, operationsOf, type DescribedOperation, type Document } from '../rig/api-document.ts';
import { odd, spoilt, valuesOf, type JsonSchema } from '../rig/json-arbitrary.ts';
import { rawRequest, type RawRequest } from '../rig/raw-request.ts';
import { Station } from '../rig/station.ts';
import { seed } from '../setup.ts';

/** Requests of each sort to each operation. */
const RUNS = 8;

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let here: Station;
let operations: DescribedOperation[];
let document: Document;
beforeAll(async () => {
  here = await Station.start('embedded', dir);
  document = (await (await here.ask('GET', '/openapi.json')).json()) as Document;
  operations = operationsOf(document);
});
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Sends with the right to everything; who asks too much for a moment waits as long as the answer says. */
async function send(request: RawRequest) {
  const token = readLocalToken(storeFiles(here.data, DEFAULT_SITE).token)!;
  for (let left = 5; ; left--) {
    const answer = await rawRequest(here.wall, { ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } });
    if (answer.status !== 429 || left === 0) return answer;
    await sleep(1_000 * Number(answer.headers['retry-after']));
  }
}

const JSON_BODY = { 'content-type': 'application/json' };

const address = (operation: DescribedOperation, params: Readonly<Record<string, string>>, query: readonly (readonly [string, string])[]) => {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(params[name] ?? ''));
  return query.length === 0 ? path : `${path}?${query.map((pair) => pair.map(encoded).join('=')).join('&')}`;
};
/** Half a character cannot be sent; what stands for it is. */
const encoded = (text: string) => encodeURIComponent(Buffer.from(text).toString('utf8'));

/** What references point into. */
const root = () => document as unknown as JsonSchema;

const told = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
const schemaOf = ({ schema }: { schema: JsonSchema }) => valuesOf(schema, root()).map(told);

const record = (operation: DescribedOperation, where: 'path' | 'query' | 'header', values: (parameter: DescribedOperation['parameters'][number]) => fc.Arbitrary<string>): fc.Arbitrary<Record<string, string>> => {
  const parameters = operation.parameters.filter((one) => one.in === where);
  return fc.record(Object.fromEntries(parameters.map((one) => [one.name, values(one)])), { requiredKeys: parameters.filter(({ required }) => required).map(({ name }) => name) as never[] }) as fc.Arbitrary<Record<string, string>>;
};

/** What a header may hold at all. */
const headers = (operation: DescribedOperation) => record(operation, 'header', () => fc.stringMatching(/^[\x21-\x7e]{1,40}$/));

const good = (operation: DescribedOperation): fc.Arbitrary<RawRequest & { json: unknown }> =>
  fc.tuple(record(operation, 'path', schemaOf), record(operation, 'query', schemaOf), headers(operation), operation.body ? valuesOf(operation.body, root()) : fc.constant(undefined)).map(([params, query, head, json]) => ({
    method: operation.method, path: address(operation, params, Object.entries(query)), headers: { ...head, ...(json === undefined ? {} : JSON_BODY) }, body: json === undefined ? undefined : JSON.stringify(json), json,
  }));

/** Odd parameters, one said twice, one that there is not, a body with something wrong. */
const bad = (operation: DescribedOperation): fc.Arbitrary<RawRequest & { json: unknown }> =>
  fc.tuple(record(operation, 'path', () => odd), record(operation, 'query', (one) => fc.oneof(odd, schemaOf(one))), headers(operation), operation.body ? spoilt(valuesOf(operation.body, root())) : fc.constant(undefined), fc.boolean(), odd).map(
    ([params, query, head, json, twice, key]) => {
      const pairs = Object.entries(query);
      return { method: operation.method, path: address(operation, params, [...pairs, ...(twice ? pairs : []), [key, key]]), headers: { ...head, ...(json === undefined ? {} : JSON_BODY) }, body: json === undefined ? undefined : JSON.stringify(json), json };
    },
  );

/** What of the answers to such requests is not as described. */
async function breaches(operation: DescribedOperation, requests: fc.Arbitrary<RawRequest & { json: unknown }>, statuses: Set<number>): Promise<string[]> {
  const found: string[] = [];
  for (const request of fc.sample(requests, { numRuns: RUNS, seed })) {
    const answer = await send(request);
    statuses.add(answer.status);
    const wrong = breach(operation, answer, document) ?? (answer.status < 300 && operation.body && fault(operation.body, request.json, document) !== undefined ? `${answer.status} for a body that is not as described` : undefined);
    if (wrong !== undefined) found.push(`${operation.id}: ${request.method} ${request.path.slice(0, 300)} ${String(request.body).slice(0, 500)} -> ${answer.status}: ${wrong}`);
  }
  return found;
}

test('the description is OpenAPI 3.1 by the official schema, and no two operations have one name', async () => {
  const { valid, errors } = await new Validator().validate({ ...document });
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(operations.length).toBeGreaterThan(7);
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
});

test(`given requests as described (seed ${seed}), when every operation is asked, then each answer is as described, and lists are understood`, { timeout: 600_000 }, async () => {
  const found: string[] = [];
  const neverTaken: string[] = [];
  for (const operation of operations) {
    const statuses = new Set<number>();
    found.push(...(await breaches(operation, good(operation), statuses)));
    if (operation.method !== 'GET' || operation.path.includes('{')) continue;
    found.push(...(await breaches(operation, good({ ...operation, parameters: operation.parameters.filter(({ required }) => required) }), statuses)));
    if ([...statuses].every((status) => status === 400)) neverTaken.push(operation.id);
  }
  expect(found).toEqual([]);
  expect(neverTaken).toEqual([]);
});

test(`given requests that are at fault (seed ${seed}), when every operation is asked, then each answer is as described and nothing fails`, { timeout: 600_000 }, async () => {
  const found: string[] = [];
  for (const operation of operations) found.push(...(await breaches(operation, bad(operation), new Set())));
  expect(found).toEqual([]);
});

test('given bodies that are no JSON, of another media type, too large or too deep, when every operation is asked, then it refuses and says why', { timeout: 600_000 }, async () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const bodies: [string, string, Buffer | string][] = [
    ['no JSON', 'application/json', '{"a":'], ['half a character', 'application/json', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])], ['deep', 'application/json', deep], ['deep object', 'application/json', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['prototype', 'application/json', '{"__proto__":{"x":1}}'], ['giant', 'application/json', `"${'x'.repeat(2_000_000)}"`], ['nothing', 'application/json', ''],
    ['a form', 'application/x-www-form-urlencoded', 'a=1'], ['XML', 'application/xml', '<a/>'], ['no media type', '', '{}'], ['parts', 'multipart/form-data; boundary=x', '--x--'], ['odd', 'application/json; charset=utf-7', '{}'],
  ];
  const found: string[] = [];
  for (const operation of operations.filter(({ body }) => body)) {
    const path = address(operation, Object.fromEntries(operation.parameters.filter((one) => one.in === 'path').map((one) => [one.name, String(fc.sample(schemaOf(one), { numRuns: 1, seed })[0])])), []);
    for (const [name, type, body] of bodies) {
      const answer = await send({ method: operation.method, path, headers: { ...(type === '' ? {} : { 'content-type': type }), 'content-length': String(Buffer.byteLength(body)), ...(operation.parameters.some((one) => one.name === 'If-Match') ? { 'if-match': '"x"' } : {}) }, body });
      const wrong = breach(operation, answer, document);
      const accepted = answer.status < 400 && !['odd', 'nothing', 'prototype'].includes(name);
      if (wrong !== undefined || accepted) found.push(`${operation.id} with ${name}: ${answer.status} ${wrong ?? 'taken'}`);
    }
  }
  expect(found).toEqual([]);
});

test('given a method that no operation has at an address, when it is asked, then the answer is a problem', async () => {
  const found: string[] = [];
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const of = operations.filter((operation) => operation.path === path);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'OPTIONS'].filter((one) => !of.some((operation) => operation.method === one))) {
      const answer = await send({ method, path: path.replaceAll(/\{\w+\}/g, 'x') });
      if (answer.status < 400 || answer.status >= 500 || !answer.media.startsWith('application/problem+json')) found.push(`${method} ${path}: ${answer.status} ${answer.media}`);
    }
  }
  expect(found).toEqual([]);
  expect((await send({ method: 'GET', path: `${API_BASE}/${'x'.repeat(6_000)}` })).status).toBe(414);
});
