import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { defineOperation } from '#shared/api/operation.ts';
import { ANYONE } from '#core/access/principal.ts';
import { listening } from '#core/api/listening.ts';
import { RequestCounts } from '#core/api/request-counts.ts';
import { WaitingFiles } from '#core/api/waiting-files.ts';
import { route } from '#core/api/routes.ts';
import { startApi } from '#core/api/server.ts';
import { Standing } from '#core/api/standing.ts';
import { Hub } from '#core/link/hub.ts';
import { deskOf } from '../../fixtures/audit-desk.ts';
import { temporaryDir } from '../../fixtures/stores.ts';
import { Authority, type Certificate } from '../../rig/certificates.ts';
import { until } from '../../rig/until.ts';

const read = defineOperation({ id: 'read', method: 'GET', path: '/things', tag: 'test', summary: 'Reads', permission: 'anyone', answer: z.strictObject({}) });
const write = defineOperation({ id: 'write', method: 'POST', path: '/things', tag: 'test', summary: 'Writes', permission: 'anyone', answer: z.strictObject({}) });
const routes = [route(read, () => ({})), route(write, () => ({}))];
const FLAGS = { host: '127.0.0.1', port: 0, publicName: [] as string[] };

async function serving(flags: Parameters<typeof listening>[0]) {
  const lines: string[] = [];
  const hub = new Hub(new Map(), () => { throw new Error('no view here'); }, () => 0, () => {});
  const api = await startApi({ listening: listening(flags), hub, rendererDir: undefined, routes, identify: () => ANYONE, standing: new Standing(async () => undefined), requests: new RequestCounts(), files: new WaitingFiles(), audit: deskOf(), log: (line) => lines.push(line), renewMs: 20 });
  onTestFinished(() => api.close());
  return { url: api.url, port: Number(new URL(api.url).port), lines };
}

interface Asked {
  readonly ca: string;
  readonly host?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly shows?: Certificate;
}

/** Asks by an own connection: status, headers and the serial number of the certificate that the server showed. */
const ask = (port: number, { ca, host = 'hub.test', method = 'GET', headers = {}, shows }: Asked) =>
  new Promise<{ status: number; headers: Record<string, unknown>; serial: string }>((resolve, reject) => {
    const pems = { ca: readFileSync(ca), ...(shows ? { cert: readFileSync(shows.cert), key: readFileSync(shows.key) } : {}) };
    request({ host: '127.0.0.1', port, path: '/api/v1/ops/things', method, servername: 'hub.test', agent: false, ...pems, headers: { host: `${host}:${port}`, ...headers } }, (response) => {
      const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate();
      response.resume().on('end', () => resolve({ status: response.statusCode!, headers: response.headers, serial: serialNumber }));
    }).on('error', reject).end();
  });

function hub() {
  const authority = new Authority(temporaryDir());
  const { cert, key } = authority.issue('hub', ['DNS:hub.test', 'IP:127.0.0.1']);
  return { authority, ca: authority.ca, cert, key, flags: { ...FLAGS, tlsCert: cert, tlsKey: key, publicName: ['Hub.test'] } };
}

test('given TLS and a public name, when browsers ask by it, then they are answered and told to keep to TLS; other names and origins are refused', async () => {
  const { ca, flags } = hub();
  const { url, port } = await serving(flags);
  expect(url).toBe(`https://hub.test:${port}`);
  const answered = await ask(port, { ca });
  expect(answered.status).toBe(200);
  expect(answered.headers['strict-transport-security']).toBe('max-age=31536000');
  expect((await ask(port, { ca, host: 'localhost' })).headers['strict-transport-security']).toBeUndefined();
  const status = async (asked: Partial<Asked>) => (await ask(port, { ca, ...asked })).status;
  expect(await status({ host: 'evil.test' })).toBe(403);
  expect(await status({ method: 'POST', headers: { origin: `https://hub.test:${port}` } })).toBe(200);
  expect(await status({ method: 'POST', headers: { origin: `http://hub.test:${port}` } })).toBe(403);
  expect(await status({ method: 'POST', headers: { origin: 'https://evil.test' } })).toBe(403);
  expect(await status({ method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })).toBe(403);
  expect(await status({ headers: { 'sec-fetch-site': 'cross-site' } })).toBe(403);
  expect(await status({ headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } })).toBe(200);
});

test('given an authority for clients, when one shows no certificate of it, then it is not listened to', async () => {
  const { authority, ca, flags } = hub();
  const { port } = await serving({ ...flags, tlsClientCa: ca });
  await expect(ask(port, { ca })).rejects.toThrow();
  await expect(ask(port, { ca, shows: new Authority(temporaryDir(), 'other').issue('kiosk') })).rejects.toThrow();
  expect((await ask(port, { ca, shows: authority.issue('kiosk') })).status).toBe(200);
});

test('given certificates that are renewed, when key and certificate are both there, then new connections are shown the new one, and meanwhile the old', async () => {
  const { authority, ca, cert, key, flags } = hub();
  const { port, lines } = await serving(flags);
  const before = (await ask(port, { ca })).serial;
  const next = authority.issue('next', ['DNS:hub.test']);
  copyFileSync(next.cert, cert);
  await until('the log to tell that they do not fit', () => lines.some((line) => line.includes('is not the key of')));
  expect((await ask(port, { ca })).serial).toBe(before);
  copyFileSync(next.key, key);
  await until('the new certificate', async () => (await ask(port, { ca })).serial !== before);
  expect(lines.at(-1)).toContain('new certificates are used');
});

test('given a host that other machines reach, when it would be served in clear or by no name, then the start is refused and says what to do', () => {
  const { flags } = hub();
  expect(() => listening({ ...FLAGS, host: '0.0.0.0' })).toThrow('give --tls-cert and --tls-key');
  expect(() => listening({ ...flags, host: '0.0.0.0', publicName: [] })).toThrow('give --public-name');
  expect(listening({ ...flags, host: '0.0.0.0' }).names).toEqual(['hub.test']);
  expect(listening({ ...flags, host: 'fd00::1' }).names).toEqual(['hub.test', '[fd00::1]']);
  expect(listening({ ...FLAGS, host: '::1' }).tls).toBeUndefined();
});

test('given certificates that cannot be used, then the start is refused and names flag and file', () => {
  const { authority, cert, key, ca, flags } = hub();
  const other = authority.issue('other');
  const ended = authority.issue('ended', undefined, -1);
  const junk = join(temporaryDir(), 'junk.pem');
  writeFileSync(junk, 'no certificate');
  expect(() => listening({ ...FLAGS, tlsCert: cert })).toThrow(`--tls-cert ${cert}: a certificate and its key go together`);
  expect(() => listening({ ...FLAGS, tlsClientCa: ca })).toThrow('--tls-client-ca');
  expect(() => listening({ ...flags, tlsKey: other.key })).toThrow(`--tls-key ${other.key} is not the key of ${cert}`);
  expect(() => listening({ ...flags, tlsCert: junk })).toThrow(`--tls-cert ${junk} is no certificate`);
  expect(() => listening({ ...flags, tlsClientCa: junk })).toThrow(`--tls-client-ca ${junk} is no certificate`);
  expect(() => listening({ ...flags, tlsCert: ended.cert, tlsKey: ended.key })).toThrow('ended on');
  rmSync(key);
  expect(() => listening(flags)).toThrow(`--tls-key ${key} cannot be read`);
});
