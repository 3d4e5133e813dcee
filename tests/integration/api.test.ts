import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationsOf, type Document } from '../rig/api-document.ts';
import { Station } from '../rig/station.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let here: Station;
beforeAll(async () => {
  here = await Station.start('embedded', dir);
});
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

const told = async (response: Response) => ({ status: response.status, media: response.headers.get('content-type'), body: (await response.json()) as Record<string, unknown> });

test('given nobody who has signed in, when the API is asked, then figures are shown and the rest asks who it is', async () => {
  expect((await here.ask('GET', '/metrics/beds.occupancy_rate', { token: null })).status).toBe(200);
  expect(await told(await here.ask('GET', '/event-sources', { token: null }))).toMatchObject({ status: 401, media: expect.stringContaining('application/problem+json') as string, body: { type: 'about:blank', status: 401, detail: expect.stringContaining('sources.read') as string } });
  expect((await here.ask('POST', '/event-sources', { token: 'made-up', body: { kind: 'ehr', instance: 'x' } })).status).toBe(401);
  expect((await here.ask('GET', '/event-sources')).status).toBe(200);
});

test('given a request that is at fault, when it is sent, then the problem says where', async () => {
  const faulty = await told(await here.ask('POST', '/event-sources', { body: { kind: 'fax', instance: '' } }));
  expect(faulty).toMatchObject({ status: 400, body: { faults: [{ in: 'body', path: 'kind' }, { in: 'body', path: 'instance' }] } });
  expect(await told(await here.ask('GET', '/metrics/beds.occupancy_rate?at=now'))).toMatchObject({ status: 400, body: { detail: expect.stringContaining('query at') as string } });
  expect(await told(await here.ask('GET', '/nothing-here'))).toMatchObject({ status: 404 });
});

test('given the description, when it is read again with its tag, then it is not sent again', async () => {
  const first = await here.ask('GET', '/openapi.json', { token: null });
  const document = (await first.json()) as { openapi: string; paths: Record<string, Record<string, { operationId: string; 'x-roles': string[] }>> };
  expect(document.openapi).toBe('3.1.0');
  expect(document.paths['/api/v1/ops/event-sources']!['post']).toMatchObject({ operationId: 'registerSource', 'x-roles': ['integrator', 'admin'] });
  const again = await here.ask('GET', '/openapi.json', { token: null, headers: { 'if-none-match': first.headers.get('etag')! } });
  expect(again.status).toBe(304);
});

/** Writes that take no key: they change nothing, are of the session itself, end what a page waits for, or answer a secret, which is kept nowhere. */
const UNREPEATED = ['breakGlass', 'cancelFile', 'changePassword', 'createSession', 'createToken', 'deleteSession', 'findPatient', 'probeBroker', 'setUp', 'validateConfig'];

test('every write may be sent again with its key, but for those that are meant not to', async () => {
  const writes = operationsOf((await (await here.ask('GET', '/openapi.json')).json()) as Document).filter(({ method }) => method !== 'GET');
  expect(writes.filter(({ parameters }) => !parameters.some(({ name }) => name === 'Idempotency-Key')).map(({ id }) => id).sort()).toEqual(UNREPEATED);
});

test('given a write with a key, when it is sent again, then it is answered as the first time; an address that is too long is refused', async () => {
  const send = (title: string) => here.ask('POST', '/event-sources', { body: { kind: 'lis', instance: 'again', title }, headers: { 'idempotency-key': '"one"' } });
  expect([(await send('Laboratory')).status, (await send('Laboratory')).headers.get('idempotency-replayed'), (await send('Other')).status]).toEqual([201, 'true', 422]);
  expect(await told(await here.ask('GET', `/event-sources?${'x'.repeat(5_000)}`))).toMatchObject({ status: 414 });
});
