import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readLocalToken } from '#core/access/local-token.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { API_BASE } from '#shared/api/operation.ts';
import type { FromCore } from '#shared/link/messages.ts';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { Page } from '../fixtures/pages.ts';
import { LinkPage } from '../rig/link-page.ts';
import { Station } from '../rig/station.ts';
import { until } from '../rig/until.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
const START = Date.now() - 3_600_000;
const PATIENT = 'MRN-canary-77';
let here: Station;
let publisher: Publisher;

const admit = async (i: number) => {
  const event = envelope('adt.admitted', START + i * 1_000, { encounter: `V${i}`, patient: { id: PATIENT, name: 'Canary Zq' }, location: { unit: '7E', bed: String(1 + i) } }, { id: `e${i}` });
  await publisher.publish(topicOf(event)!, JSON.stringify(event));
  await publisher.settled();
};

beforeAll(async () => {
  here = await Station.start('embedded', dir, { flags: ['--config', join(import.meta.dirname, '../../resources/sites/sample.yaml')] });
  publisher = await Publisher.connect(here.broker);
  for (let i = 0; i < 5; i++) await admit(i);
  const ahead = envelope('bed.cleaning-requested', START, { unit: '7E', bed: '9' }, { id: 'c1' });
  await publisher.publish(topicOf(ahead)!, JSON.stringify(ahead));
  await publisher.publish('vigil/v1/local/main/events/ehr/adt.admitted', `not JSON about ${PATIENT}`);
  await publisher.settled();
});
afterAll(async () => {
  await publisher.close();
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

interface Listed {
  position: number;
  type: string;
  processed: { at: number; by: string } | null;
}
const list = async (query: string) => {
  const response = await here.ask('GET', `/events?${query}`);
  const text = await response.text();
  expect({ query, status: response.status, personal: text.includes(PATIENT) || text.includes('Canary') }).toEqual({ query, status: 200, personal: false });
  return JSON.parse(text) as { items: Listed[]; next?: string };
};

test('given events, when they are listed by type and page, then the answer pages through them, and no page names a patient', async () => {
  const first = await list('type=adt.admitted&limit=3&order=oldest');
  expect(first.items.map(({ position }) => position)).toEqual([1, 2, 3]);
  const second = await list(`type=adt.admitted&limit=3&order=oldest&cursor=${first.next}`);
  expect(second.items.map(({ position }) => position)).toEqual([4, 5]);
  expect(second.next).toBeUndefined();
  expect((await list('entityKind=bed&entity=7E/9')).items.map(({ type }) => type)).toEqual(['bed.cleaning-requested']);
  expect((await here.ask('GET', '/events?entity=7E/9')).status).toBe(400);
  expect((await here.ask('GET', '/events?cursor=nonsense')).status).toBe(400);
  expect((await here.ask('GET', '/events', { token: null })).status).toBe(401);
});

test('given an event, when it is marked as processed and the mark is taken back, then lists and the event tell it, and who did it', async () => {
  expect((await here.ask('POST', '/events/2/processed')).status).toBe(204);
  expect((await list('processed=yes')).items).toMatchObject([{ position: 2, processed: { by: 'local' } }]);
  expect((await list('processed=no')).items.map(({ position }) => position)).toEqual([6, 5, 4, 3, 1]);
  expect((await here.ask('POST', '/events/2/unprocessed')).status).toBe(204);
  expect(await (await here.ask('GET', '/events/2')).json()).toMatchObject({ position: 2, processed: null, entity: { kind: 'encounter' } });
  expect((await here.ask('POST', '/events/99/processed')).status).toBe(404);
  expect((await here.ask('GET', '/events/99')).status).toBe(404);
});

test('given a refused message, when dead letters are listed, then its reason is told and nothing of its body', async () => {
  const text = await (await here.ask('GET', '/dead-letters?replayed=no')).text();
  expect(JSON.parse(text)).toMatchObject({ items: [{ reason: 'not-json' }] });
  expect(text).not.toContain(PATIENT);
});

test('given a log, when it is read to its end, then the next page is empty and keeps its place', async () => {
  const read = async (query: string) => (await (await here.ask('GET', `/log?${query}`)).json()) as { events: { position: number }[]; next: number; check: string; newest: number };
  const all = await read('after=0');
  expect(all.events.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await read(`after=6&check=${all.check}`)).toMatchObject({ events: [], next: 6, check: all.check, newest: 6 });
  expect((await here.ask('GET', '/log?after=7')).status).toBe(409);
  expect((await here.ask('GET', `/log?after=6&check=${'0'.repeat(64)}`)).status).toBe(409);
});

/** Follows server-sent events as a page would; every message passes the page's own checks for gaps. */
async function follow(view: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const response = await fetch(`${here.wall}${API_BASE}/views/${view}/events`, { headers, signal: stop.signal });
  const page = new Page();
  let text = '';
  void (async () => {
    for await (const bytes of response.body!) {
      text += Buffer.from(bytes).toString('utf8');
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
        text = text.slice(end + 2);
        if (data !== undefined) page.receive(JSON.parse(data) as FromCore);
      }
    }
  })().catch(() => {});
  return { response, page, close: () => stop.abort() };
}
const occupied = (page: Page) => (page.items['unit:7E'] as { occupied?: number } | undefined)?.occupied;

test('given a view that is followed by server-sent events, when patients come, then patches follow the snapshot without a gap, and who comes back starts from what is', async () => {
  const first = await follow('overview');
  expect(first.response.headers.get('content-type')).toContain('text/event-stream');
  await until('the snapshot', () => occupied(first.page) === 5);
  await admit(5);
  await admit(6);
  await until('both patients', () => occupied(first.page) === 7);
  expect(first.page.patches.length).toBeGreaterThan(0);
  first.close();
  await admit(7);
  const again = await follow('overview', { 'last-event-id': String(first.page.revision) });
  await until('a new snapshot', () => occupied(again.page) === 8);
  expect(again.page.revision).toBeGreaterThan(0);
  again.close();
  const unknown = await fetch(`${here.wall}${API_BASE}/views/nothing/events`);
  expect({ status: unknown.status, media: unknown.headers.get('content-type') }).toEqual({ status: 404, media: expect.stringContaining('application/problem+json') as string });
  const link = await LinkPage.connect(here.wall);
  await until('the streams that ended to be let go', async () => (await here.health())['pages'] === 0);
  link.close();
});

test('given a WebSocket with a credential that is not valid, when it is opened, then it is refused', async () => {
  const status = await new Promise((resolve) => {
    const socket = new WebSocket(`${here.wall.replace('http', 'ws')}/link`, { headers: { authorization: 'Bearer made-up' } });
    socket.once('open', () => resolve(101)).once('unexpected-response', (_, response) => resolve(response.statusCode)).on('error', () => {});
  });
  expect(status).toBe(401);
});

test('given who may see sources, when a source is heard for the first time, then it is told over the WebSocket and as server-sent events; and to nobody else', async () => {
  const token = readLocalToken(storeFiles(here.data, DEFAULT_SITE).token)!;
  const authorization = `Bearer ${token}`;
  const address = `${here.wall.replace('http', 'ws')}${API_BASE}/ops-events?types=ops.event-source-registered`;
  const refusal = (options: object, from = address) => new Promise((resolve, reject) => new WebSocket(from, options).once('unexpected-response', (_, response) => resolve(response.statusCode)).once('open', () => reject(new Error('opened'))).once('error', reject));
  expect(await refusal({})).toBe(401);
  expect(await refusal({ headers: { authorization } }, `${here.wall.replace('http', 'ws')}${API_BASE}/ops-events?types=ops.what`)).toBe(400);
  expect((await here.ask('GET', '/ops-events', { token: null })).status).toBe(401);
  expect((await here.ask('GET', '/ops-events?types=ops.what')).status).toBe(400);
  const told: { type: string; data: { source: string } }[] = [];
  const socket = new WebSocket(address, { headers: { authorization } });
  socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString()) as (typeof told)[number]));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const stream = await here.ask('GET', '/ops-events');
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value!;
  expect([stream.headers.get('content-type'), text]).toEqual([expect.stringContaining('text/event-stream'), ': listening\n\n']);
  const beat = envelope('source.heartbeat', Date.now(), { instance: 'fresh' }, { source: '//local/main/staff/fresh' });
  await publisher.publish(topicOf(beat)!, JSON.stringify(beat));
  while (!text.includes('staff/fresh')) text += (await reader.read()).value!;
  expect(text).toMatch(/^id: [0-9a-f-]{36}\nevent: ops\.event-source-registered\ndata: \{.*\}$/m);
  await until('the same over the WebSocket', () => told.some(({ type, data }) => type === 'ops.event-source-registered' && data.source === '//local/main/staff/fresh'));
  socket.terminate();
  await reader.cancel();
});
