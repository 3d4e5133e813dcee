import { buffer, text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExportAsked, PageAsked } from '#core/exports/asked.ts';
import { auditPage } from '#core/exports/audit.ts';
import { exportFile } from '#core/exports/file.ts';
import { harmless } from '#core/exports/csv.ts';
import { exportPage } from '#core/exports/page.ts';
import { siteTimes } from '#core/exports/site-times.ts';
import type { Db } from '#core/store/open.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { changeSite } from '#core/store/site-config.ts';
import { SnapshotStore } from '#core/store/snapshots.ts';
import { memoryDb } from '../../fixtures/databases.ts';
import type { AuditQuery } from '#shared/api/audit.ts';
import type { SiteDocument } from '#shared/config/settings.ts';
import { unzip } from '../../rig/unzip.ts';

const T = Date.parse('2026-03-08T06:30:00Z');

/** A store with sources and events, some of whose texts a spreadsheet would run. */
function withEvents(count: number): Db {
  const db = memoryDb();
  db.prepare("INSERT INTO site VALUES ('config', ?)").run(JSON.stringify({ timezone: 'America/New_York' }));
  db.prepare("INSERT INTO ops_event_source (source_id, uri, source, instance, title) VALUES (1, '//local/main/ehr/a', 'ehr', 'a', '=HYPERLINK(\"http://x\")')").run();
  db.prepare("INSERT INTO entity VALUES (1, 'bed', '4E-1', '{}', 1, 1)").run();
  const put = db.prepare("INSERT INTO ops_event (source_id, id, type, time, entity, data, hash, received) VALUES (1, ?, 'bed.cleaned', ?, 1, ?, x'00', ?)");
  db.transaction(() => {
    for (let i = 0; i < count; i++) put.run(`e${i}`, T + (i % 7) * 60_000, JSON.stringify({ note: `ü "${i}",\n<&>` }), T + i);
  })();
  return db;
}

const pagesOf = (db: Db, limit?: number) => (page: PageAsked) => exportPage(db, DEFAULT_SITE, page, limit);
const csv = async (db: Db, asked: ExportAsked, limit?: number) => parse(await text(await exportFile({ asked, format: 'csv', bom: false }, pagesOf(db, limit))), { columns: true }) as Record<string, string>[];

test('given any text, when it goes into a CSV, then no spreadsheet takes it for a formula and the text is whole', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '\uFF1D', 'a', ' ', '"', ',') }), (value) => {
    const safe = harmless(value);
    expect(safe).not.toMatch(/^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/);
    expect(safe === value || safe === `'${value}`).toBe(true);
  }));
});

test('given events of equal times, when the log is read in pages of any size, then each stands there once, in the order of time', async () => {
  const db = withEvents(50);
  for (const limit of [1, 3, 7, 50, 51]) {
    const rows = await csv(db, { list: 'events' }, limit);
    expect(new Set(rows.map(({ position }) => position)).size, `pages of ${limit}`).toBe(50);
    expect(rows.map(({ time_utc }) => time_utc)).toEqual(rows.map(({ time_utc }) => time_utc).sort());
  }
  const [first] = await csv(db, { list: 'events' });
  expect(first).toMatchObject({ source: '//local/main/ehr/a', time: '2026-03-08T01:30:00.000-05:00', time_utc: '2026-03-08T06:30:00.000Z', data: JSON.stringify({ note: 'ü "0",\n<&>' }), sequence: '' });
  expect(await csv(db, { list: 'events', from: T + 60_000, to: T + 120_000 })).toHaveLength(7);
});

test('given an audit trail, when it is read in pages of any size, then each row stands there once, the newest first, and nothing that came meanwhile', async () => {
  const entries = Array.from({ length: 20 }, (_, i) => ({ seq: i + 1, time: T + i, action: 'createSession', actor: { kind: 'anyone', name: 'anyone', from: '10.0.0.1' }, outcome: 'done' as const, subject: { user: '=1+1' }, hash: 'ab' }));
  for (const limit of [1, 7, 20, 21]) {
    let seq = 20;
    const list = async ({ before = Infinity, limit: most }: AuditQuery) => [...entries, { ...entries[0]!, seq: ++seq }].filter((entry) => entry.seq < before && (before < Infinity || entry.seq <= 20)).sort((a, b) => b.seq - a.seq).slice(0, most);
    const file = await text(await exportFile({ asked: {}, format: 'csv', bom: false }, (page) => auditPage(list, page, siteTimes('America/New_York'), limit)));
    const rows = parse(file, { columns: true }) as Record<string, string>[];
    expect(rows.map(({ row }) => Number(row)), `pages of ${limit}`).toEqual(entries.map((entry) => entry.seq).reverse());
    expect(rows[0]).toMatchObject({ action: 'createSession', actor_from: '10.0.0.1', subject: '{"user":"=1+1"}' });
  }
});

test('given the hour in which summer time begins, when moments are written, then they are on the site\'s clock with its offset', () => {
  const times = siteTimes('America/New_York');
  expect([times.local(T), times.local(T + 30 * 60_000)]).toEqual(['2026-03-08T01:30:00.000-05:00', '2026-03-08T03:00:00.000-04:00']);
  expect(siteTimes('UTC').serial(Date.UTC(2026, 0, 1, 12))).toBe(46_023.5);
  expect(siteTimes('Asia/Kathmandu').local(0)).toBe('1970-01-01T05:30:00.000+05:30');
});

test('given the history of beds, when it is exported, then what held at the beginning is in it, and the list of beds is what holds now', async () => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  const keep = (at: number, ...beds: [string, string][]) => store.keep({ family: 'bed', at, taken: beds.map(([bed, status]) => ({ subject: ['4E', bed], facts: { status, leaving: status === 'occupied' }, metrics: {}, unknown: {} })) });
  keep(T, ['1', 'occupied'], ['2', 'dirty']);
  keep(T + 60_000, ['1', 'dirty']);
  keep(T + 120_000, ['1', 'cleaning']);
  const seen = (rows: Record<string, string>[]) => rows.map(({ bed, status, leaving, until_utc }) => [bed, status, leaving, until_utc]);
  for (const limit of [1, 2, 100]) {
    expect(seen(await csv(db, { list: 'snapshots', family: 'bed', from: T + 90_000, to: T + 120_000 }, limit))).toEqual([['1', 'dirty', 'false', '2026-03-08T06:32:00.000Z'], ['2', 'dirty', 'false', '']]);
    expect(seen(await csv(db, { list: 'beds' }, limit))).toEqual([['1', 'cleaning', 'false', ''], ['2', 'dirty', 'false', '']]);
    expect(await csv(db, { list: 'snapshots', family: 'bed' }, limit)).toHaveLength(4);
  }
});

test('given the newest of each family, when it is exported as it stands, then each subject is in it once, whatever its history', async () => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  for (const [at, status] of [[T, 'occupied'], [T + 60_000, 'dirty']] as const) store.keep({ family: 'bed', at, taken: [{ subject: ['4E', '1'], facts: { status }, metrics: {}, unknown: {} }] });
  expect((await csv(db, { list: 'latest', family: 'bed' })).map(({ bed, status }) => [bed, status])).toEqual([['1', 'dirty']]);
  await expect(csv(db, { list: 'latest', family: 'no-such' })).rejects.toThrow('no-such');
});

test('given changes of the site document, when their history is exported in pages of any size, then each place that one changed stands there once, with who, why, before and after', async () => {
  const db = memoryDb();
  const change = (at: number, why: string, document: SiteDocument) => changeSite(db, DEFAULT_SITE, { document, fromFile: [], at, who: '=ada', why });
  change(T, 'a name', { title: 'North' });
  change(T + 60_000, 'both', { title: 'South', timezone: 'Europe/Berlin' });
  change(T + 120_000, 'a file says the same', { title: 'South', timezone: 'Europe/Berlin' });
  change(T + 180_000, 'none', { timezone: 'Europe/Berlin' });
  const told = (rows: Record<string, string>[]) => rows.map(({ version, who, why, place, before, after }) => [version, who, why, place, before, after]);
  const all = [
    ['1', "'=ada", 'a name', '/title', '', '"North"'],
    ['2', "'=ada", 'both', '/title', '"North"', '"South"'],
    ['2', "'=ada", 'both', '/timezone', '', '"Europe/Berlin"'],
    ['3', "'=ada", 'a file says the same', '', '', ''],
    ['4', "'=ada", 'none', '/title', '"South"', ''],
  ];
  for (const limit of [1, 2, 100]) expect(told(await csv(db, { list: 'config-history' }, limit)), `pages of ${limit}`).toEqual(all);
  expect(told(await csv(db, { list: 'config-history', from: T + 60_000, to: T + 120_000 }, 1))).toEqual(all.slice(1, 3));
});

test('given samples in several scopes, when the trend of a metric is exported, then all its scopes are in it and no other metric', async () => {
  const db = memoryDb();
  const names = ['ed.census', 'ed.census@ed=A', 'ed.census_of_another', 'ed'];
  names.forEach((name, i) => {
    db.prepare('INSERT INTO metric_series VALUES (?, ?)').run(i + 1, name);
    db.prepare('INSERT INTO metric_sample VALUES (?, ?, ?)').run(i + 1, T, i === 0 ? null : i);
  });
  const rows = await csv(db, { list: 'series', metric: 'ed.census', step: '1m' });
  expect(rows.map(({ metric, scope, value }) => [metric, scope, value])).toEqual([['ed.census', '', ''], ['ed.census', 'ed=A', '1']]);
  await expect(csv(db, { list: 'series', metric: 'no.such', step: '1h' })).rejects.toThrow('no.such');
});

test('given texts that spreadsheets would run, when a workbook is written, then they are typed as text, and moments as dates', async () => {
  const db = withEvents(5);
  db.prepare("UPDATE entity SET id = '_x0041_' || char(1) || '<&'").run();
  const parts = unzip(await buffer(await exportFile({ asked: { list: 'sources' }, format: 'xlsx', bom: false }, pagesOf(db))));
  expect([...parts.keys()].sort()).toEqual(['[Content_Types].xml', '_rels/.rels', 'xl/_rels/workbook.xml.rels', 'xl/styles.xml', 'xl/workbook.xml', 'xl/worksheets/sheet1.xml']);
  const sheet = String(parts.get('xl/worksheets/sheet1.xml'));
  expect(sheet).toContain('<c t="inlineStr"><is><t xml:space="preserve">=HYPERLINK("http://x")</t></is></c>');
  expect(sheet).not.toContain('<f>');
  const events = String(unzip(await buffer(await exportFile({ asked: { list: 'events' }, format: 'xlsx', bom: false }, pagesOf(db, 2)))).get('xl/worksheets/sheet1.xml'));
  expect(events.match(/<row>/g)).toHaveLength(6);
  expect(events).toContain('_x005F_x0041_\uFFFD&lt;&amp;');
  expect(Number(/<c s="1"><v>([\d.]+)<\/v>/.exec(events)![1])).toBeCloseTo(46_089 + 1.5 / 24, 6);
});

test('given more rows than a sheet holds, when a workbook is written, then the rest stands on the next', async () => {
  const page = { header: '<row></row>', text: '<row></row>', rows: 600_000 };
  const parts = unzip(await buffer(await exportFile({ asked: { list: 'sources' }, format: 'xlsx', bom: false }, ({ place }) => (place?.key === 1 ? page : { ...page, next: { part: 0, key: (place?.key ?? -1) + 1, tie: 0 } }))));
  expect([...parts.keys()].filter((name) => name.includes('sheet') && name.endsWith('.xml') && name.startsWith('xl/worksheets'))).toHaveLength(3);
  expect(String(parts.get('xl/workbook.xml')).match(/<sheet /g)).toHaveLength(3);
});

test.each(['csv', 'xlsx'] as const)('given a client that goes away, when a %s is being read, then no further page is', async (format) => {
  let asked = 0;
  const endless = async (): Promise<{ header: string; text: string; rows: number; next: { part: number; key: number; tie: number } }> => {
    asked++;
    await new Promise((resolve) => setImmediate(resolve));
    return { header: 'h', text: Array.from({ length: 5_000 }, (_, i) => `${asked}-${i * 7919}`).join(), rows: 1, next: { part: 0, key: asked, tie: 0 } };
  };
  const stream = await exportFile({ asked: { list: 'events' }, format, bom: false }, endless);
  let read = 0;
  for await (const chunk of stream) if ((read += (chunk as Buffer).length) > 100_000) break;
  const then = asked;
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toBeLessThanOrEqual(then + 1);
});

test.each(['csv', 'xlsx'] as const)('given a store that fails within the reading, when a %s is being written, then it breaks off and has no end', async (format) => {
  let asked = 0;
  const failing = () => {
    if (++asked === 3) throw new Error('disk');
    return { header: 'h', text: 'x', rows: 1, next: { part: 0, key: asked, tie: 0 } };
  };
  await expect(exportFile({ asked: { list: 'events' }, format, bom: false }, failing).then(buffer)).rejects.toThrow('disk');
});

test('given a mark for Excel, when a CSV is written, then it stands once at the beginning, also where there is no row', async () => {
  const written = await text(await exportFile({ asked: { list: 'sources' }, format: 'csv', bom: true }, pagesOf(memoryDb())));
  expect(Buffer.from(await buffer(await exportFile({ asked: { list: 'sources' }, format: 'csv', bom: true }, pagesOf(memoryDb())))).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(written.trimEnd().split('\r\n')).toHaveLength(1);
});

test('given events with free text, when the log leaves as a file, then the text stays behind and the rest of the data goes', async () => {
  const db = withEvents(1);
  db.prepare("INSERT INTO ops_event (source_id, id, type, time, entity, data, hash, received) VALUES (1, 'n', 'or.room-status-changed', ?, 1, ?, x'00', ?)").run(T, JSON.stringify({ room: '14', status: 'closed', reason: 'Mrs Miller bleeds' }), T);
  const rows = await csv(db, { list: 'events' });
  expect(rows.map(({ data }) => data)).toContain(JSON.stringify({ room: '14', status: 'closed' }));
  expect(JSON.stringify(rows)).not.toContain('Miller');
});
