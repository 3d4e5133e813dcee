import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import type { siteDocumentSchema } from '#shared/api/config.ts';
import type { SiteDocument } from '#shared/config/settings.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import type { FrameItem } from '#shared/views/frame.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { currentEntities, hashState } from '#core/store/state.ts';
import { loadEvent } from '../fixtures/load-events.ts';
import { apply, stateHash, temporaryStore } from '../fixtures/stores.ts';
import { LinkPage } from '../rig/link-page.ts';
import { Station } from '../rig/station.ts';
import { SteadyPublisher } from '../rig/steady-publisher.ts';
import { until } from '../rig/until.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
const file = join(dir, 'vigil.yaml');
let here: Station;
beforeAll(async () => {
  writeFileSync(file, 'crowdingIndex: edwin\n');
  here = await Station.start('embedded', dir, { flags: ['--config', file] });
});
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

type Shown = z.output<typeof siteDocumentSchema>;
const read = async () => {
  const response = await here.ask('GET', '/config');
  return { tag: response.headers.get('etag')!, shown: (await response.json()) as Shown };
};
const put = async (edit: (document: SiteDocument) => SiteDocument, why = 'a test') => {
  const { tag, shown } = await read();
  const response = await here.ask('PUT', '/config', { headers: { 'if-match': tag }, body: { document: edit(shown.document as SiteDocument), why } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

test('given a running core, when beds, titles and thresholds change by the API, then the boards follow, nothing that comes meanwhile is lost and state is as without the change', async () => {
  const page = await LinkPage.connect(here.wall);
  const [frame, overview] = [await page.follow(1, 'frame'), await page.follow(2, 'overview')];
  const publisher = await SteadyPublisher.connect(here.broker);
  const sending = publisher.send(3_000, 1_000, loadEvent);
  await until('events to be in', () => publisher.acknowledged.size > 500);
  const first = await put((document) => ({
    ...document,
    title: 'St. Mary',
    timezone: 'America/New_York',
    units: [{ id: 'MICU', name: 'Medical ICU', kind: 'icu', beds: Array.from({ length: 30 }, (_, i) => String(i + 1)) }],
    sources: [{ kind: 'lis', instance: 'extra', intervalSeconds: 60 }],
    unknownSources: 'accept',
  }));
  expect(first).toMatchObject({ status: 200, body: { version: 2, changes: expect.arrayContaining([{ path: '/title', after: 'St. Mary' }]) as unknown } });
  await page.wait('the new title', () => (frame.items['frame'] as unknown as FrameItem).title === 'St. Mary' && (frame.items['frame'] as unknown as FrameItem).timezone === 'America/New_York');
  await page.wait('the unit by its name', () => JSON.stringify(overview.items).includes('Medical ICU'));
  expect(JSON.stringify((await (await here.ask('GET', '/event-sources')).json()) as unknown)).toContain('"instance":"extra"');
  const severity = () => Object.entries(overview.items).find(([key]) => key.startsWith('kpi:ed.census'))?.[1] as unknown as MetricItem | undefined;
  await page.wait('the census', () => severity() !== undefined);
  expect(await put((document) => ({ ...document, thresholds: { 'ed.census': { warn: 0, crit: 0 } } }))).toMatchObject({ status: 200, body: { version: 3 } });
  await page.wait('the census to be critical', () => severity()?.severity === 'crit');
  await sending;
  await until('everything to be acknowledged', () => publisher.acknowledged.size === publisher.sent.length);
  await publisher.close();
  const db = openForReading(storeFiles(here.data, DEFAULT_SITE).log);
  const hash = hashState(currentEntities(db));
  db.close();
  const undisturbed = temporaryStore();
  apply(undisturbed, publisher.sent);
  expect(hash).toBe(stateHash(undisturbed));
  page.close();
});

test('given a change, when it is made from a version that is not in force any more, without a tag or without a right, then it is refused', async () => {
  const { tag } = await read();
  expect((await put((document) => ({ ...document, title: 'Other' }))).status).toBe(200);
  const body = { document: {}, why: 'too late' };
  expect((await here.ask('PUT', '/config', { headers: { 'if-match': tag }, body })).status).toBe(412);
  expect((await here.ask('PUT', '/config', { body })).status).toBe(428);
  expect((await here.ask('PUT', '/config', { token: null, headers: { 'if-match': '*' }, body })).status).toBe(401);
  expect((await here.ask('PUT', '/config', { headers: { 'if-match': '*' }, body: { document: {} } })).status).toBe(400);
});

test('given a setting that the file says, when it is changed by the API, then the answer says where it is to be changed', async () => {
  expect((await read()).shown.settings.find(({ key }) => key === 'crowdingIndex')).toMatchObject({ value: 'edwin', origin: 'file', fixed: true });
  expect(await put((document) => ({ ...document, crowdingIndex: 'nedocs' }))).toMatchObject({ status: 422, body: { faults: [{ in: 'body', path: 'crowdingIndex', message: expect.stringContaining(file) as string }] } });
});

test('given a file that a start put in force, when the trail is read, then it holds that once, however often the core starts', async () => {
  const taken = async () => ((await (await here.ask('GET', '/audit?action=takeSiteFile')).json()) as { items: { actor: { name: string }; subject: Record<string, unknown> }[] }).items;
  await until('the entry', async () => (await taken()).length > 0);
  await here.stopCore();
  await here.startCore();
  await here.ask('POST', '/event-sources', { body: { kind: 'lis', instance: 'later' } });
  expect(await taken()).toMatchObject([{ actor: { name: 'site document' }, outcome: 'done', subject: { version: 1, file } }]);
});

test('given a faulty document, when it is tried, then every fault is told and nothing is changed', async () => {
  const { version } = (await read()).shown;
  const tried = await here.ask('POST', '/config/validate', { body: { document: { timezone: 'X', tresholds: {} } } });
  expect(await tried.json()).toMatchObject({ valid: false, faults: [{ path: 'tresholds' }, { path: 'timezone' }], changes: [] });
  expect((await put((document) => ({ ...document, timezone: 'X' }))).status).toBe(422);
  expect((await read()).shown.version).toBe(version);
});

test('given some changes, when they are listed, compared, taken back and carried elsewhere, then each is a change with who and why', async () => {
  const [before, changed] = [(await read()).shown, await put((document) => ({ ...document, or: { expectedTurnoverMinutes: 45 } }), 'rooms are slower in winter')];
  const version = changed.body['version'] as number;
  const history = (await (await here.ask('GET', '/config/history?limit=1')).json()) as { items: unknown[]; next: string };
  expect(history).toMatchObject({ items: [{ version, who: 'local', why: 'rooms are slower in winter' }], next: String(version) });
  expect(await (await here.ask('GET', `/config/history?cursor=${version}&limit=500`)).json()).toMatchObject({ items: expect.arrayContaining([{ version: 1, who: 'file', why: file, at: expect.any(Number) as number }]) as unknown });
  expect(await (await here.ask('GET', `/config/diff?from=${before.version}&to=${version}`)).json()).toMatchObject({ changes: [{ path: '/or', after: { expectedTurnoverMinutes: 45 } }] });
  expect((await here.ask('GET', '/config/versions/999')).status).toBe(404);
  const { tag } = await read();
  const back = await here.ask('POST', '/config/rollback', { headers: { 'if-match': tag }, body: { version: before.version, why: 'they are not' } });
  expect(await back.json()).toMatchObject({ version: version + 1 });
  expect((await read()).shown.document).toEqual(before.document);
  const exported = await (await here.ask('GET', '/config/export')).json();
  await put(({ crowdingIndex }) => ({ crowdingIndex: crowdingIndex! }));
  const now = await read();
  expect((await here.ask('POST', '/config/import', { headers: { 'if-match': now.tag }, body: { configuration: exported, why: 'as it was' } })).status).toBe(200);
  expect((await read()).shown.document).toEqual(before.document);
});

test('given a document that names accounts, when it is put in force by who may say that, then they are there, others are refused, and taking it back takes them back', async () => {
  const made = async (path: string, body: object) => (await here.ask('POST', path, { body })).json() as Promise<{ secret: string }>;
  await made('/users', { name: 'root', roles: ['admin'], password: 'correct horse battery' });
  const accounts = async () => ((await (await here.ask('GET', '/users')).json()) as { items: { name: string; roles: string[]; disabled: boolean }[] }).items.map(({ name, roles, disabled }) => `${name} ${disabled ? 'disabled' : roles.join(' ')}`);
  const before = (await read()).shown;
  const users = [{ name: 'mona', roles: ['operator'] }];
  const { secret } = await made('/tokens', { name: 'settings', scopes: ['config.read', 'config.write'] });
  const refused = await here.ask('PUT', '/config', { token: secret, headers: { 'if-match': (await read()).tag }, body: { document: { ...before.document, users }, why: 'more than it may' } });
  expect([refused.status, await accounts()]).toEqual([403, ['root admin']]);
  expect(await put((document) => ({ ...document, users }))).toMatchObject({ status: 200, body: { changes: [{ path: '/users' }] } });
  expect(await accounts()).toEqual(['mona operator', 'root admin']);
  const whole = (await (await here.ask('GET', '/config/export/whole')).json()) as { document: SiteDocument };
  expect(whole.document['users']).toEqual([...users, { name: 'root', roles: ['admin'] }]);
  const stripped = [...users, { name: 'root', roles: ['manager'] }];
  expect((await put((document) => ({ ...document, users: stripped }))).status).toBe(409);
  expect(await (await here.ask('POST', '/config/validate', { body: { document: { ...before.document, users: stripped } } })).json()).toMatchObject({ valid: false, faults: [{ path: 'users' }] });
  const back = await here.ask('POST', '/config/rollback', { headers: { 'if-match': (await read()).tag }, body: { version: before.version, why: 'not yet' } });
  expect([back.status, await accounts()]).toEqual([200, ['mona disabled', 'root admin']]);
});

test('given changes by the API, when the core starts again, then they are in force', async () => {
  const before = (await read()).shown;
  await here.stopCore();
  await here.startCore();
  expect((await read()).shown).toEqual(before);
});
