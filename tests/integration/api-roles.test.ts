import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PERMISSION_NAMES, PERMISSIONS, ROLE_NAMES, type Permission, type Role } from '#shared/access/roles.ts';
import { operationsOf, type DescribedOperation, type Document } from '../rig/api-document.ts';
import { rawRequest } from '../rig/raw-request.ts';
import { Station } from '../rig/station.ts';

/** What anyone may ask who reaches the core: each stands here because somebody meant it. */
const FOR_ANYONE = ['changePassword', 'createSession', 'deleteSession', 'getHealth', 'getOpenApi', 'getReadiness', 'getSession', 'getSetUp', 'oidcCallback', 'oidcLogin', 'oidcLogout', 'setUp', 'takeFile'];

/** What enters the server: operations, and the link of pages. */
const SERVED = ["'/link", '{'];

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let here: Station;
let operations: DescribedOperation[];
beforeAll(async () => {
  here = await Station.start('embedded', dir);
  operations = operationsOf((await (await here.ask('GET', '/openapi.json')).json()) as Document);
});
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** What was answered, or throws what was refused. */
async function made<T>(path: string, body: unknown): Promise<T> {
  const response = await here.ask('POST', path, { body });
  if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Credential of somebody who has signed in with one role. */
async function signedIn(role: Role): Promise<string> {
  const [name, password] = [`is-${role}`, `pass phrase of ${role}`];
  await made('/users', { name, roles: [role], password });
  return (await made<{ secret: string }>('/session', { by: { name, password }, bearer: true })).secret;
}

/** Credential of a program that may one thing. */
const token = async (scope: Permission): Promise<string> => (await made<{ secret: string }>('/tokens', { name: `may-${scope}`, scopes: [scope] })).secret;

/** Asks so that nothing is done: rights are decided before a body is read, and this is no JSON. */
async function asked({ method, path }: DescribedOperation, secret: string | undefined): Promise<number> {
  const reads = method === 'GET';
  const { status } = await rawRequest(here.wall, {
    method, path: path.replaceAll(/\{\w+\}/g, 'x'), headers: { ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }), ...(reads ? {} : { 'content-type': 'application/json' }) }, body: reads ? undefined : '{',
  });
  return status;
}

/** Operations that answer another way than `may` says: refused with `refusal`, else with anything but a refusal. */
async function wrong(secret: string | undefined, refusal: 401 | 403, may: (operation: DescribedOperation) => boolean): Promise<string[]> {
  const found: string[] = [];
  for (const operation of operations.filter(({ permission }) => permission !== 'anyone')) {
    const status = await asked(operation, secret);
    if (may(operation) ? status === 401 || status === 403 || status === 429 || status >= 500 : status !== refusal) found.push(`${operation.id}: ${status}, though ${may(operation) ? 'allowed' : 'not allowed'}`);
  }
  return found;
}

test('every operation says who may, and what anyone may is what was meant to be', () => {
  for (const { id, permission, roles } of operations) {
    expect(permission === 'anyone' || permission in PERMISSIONS, id).toBe(true);
    expect(roles.length, `${id}: no role may`).toBeGreaterThan(0);
  }
  expect(operations.filter(({ permission }) => permission === 'anyone').map(({ id }) => id).sort()).toEqual(FOR_ANYONE);
});

test('nothing is served but by a described operation, the pages and their link', () => {
  const folder = new URL('../../electron/core/api/', import.meta.url);
  const served = readdirSync(folder).flatMap((file) => [...readFileSync(new URL(file, folder), 'utf8').matchAll(/server\.(?:get|post|put|patch|delete|head|options|all|route)\(\s*(['"`][^'"`]*|\{)/g)].map(([, what]) => what!));
  expect(served.sort()).toEqual(SERVED);
});

test('given nobody, when every operation is asked, then what a wall may not see asks who it is', async () => {
  expect(await wrong(undefined, 401, ({ roles }) => roles.includes('wall'))).toEqual([]);
  for (const operation of operations.filter(({ permission }) => permission === 'anyone')) expect(await asked(operation, undefined), operation.id).not.toBe(403);
});

test.each(ROLE_NAMES)('given somebody who has signed in as %s, when every operation is asked, then those of the role answer and no other', async (role) => {
  expect(await wrong(await signedIn(role), 403, ({ roles }) => roles.includes(role))).toEqual([]);
});

test.each(PERMISSION_NAMES)('given a token for %s alone, when every operation is asked, then those that need no more answer and no other', async (scope) => {
  expect(await wrong(await token(scope), 403, ({ permissions }) => permissions.every((needed) => needed === scope))).toEqual([]);
});
