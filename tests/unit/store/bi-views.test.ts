import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventTypes } from '#shared/events/registry.ts';
import { FAMILIES_OF_A_MOMENT, takeSnapshots } from '#core/snapshots/take.ts';
import { openForReading, type Db } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { readHouse } from '#core/store/read-house.ts';
import { SampleStore } from '#core/store/samples.ts';
import { storedSiteConfig } from '#core/store/site-config.ts';
import { SnapshotStore } from '#core/store/snapshots.ts';
import { FOLDED_KINDS } from '#core/domain/states.ts';
import { withCanaries, withGossip } from '../../fixtures/canaries.ts';
import { memoryDb } from '../../fixtures/databases.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const DOCUMENT = readFileSync(new URL('../../../docs/bi.md', import.meta.url), 'utf8');

/** Views with their columns as docs/bi.md lists them. */
const documented = new Map([...DOCUMENT.matchAll(/^\| `(bi_\w+)` \|.*\| (.*) \|$/gm)].map(([, view, columns]) => [view!, [...columns!.matchAll(/`(\w+)`/g)].map(([, name]) => name!)]));

const viewsOf = (db: Db) => db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").pluck().all();

test('the views that there are, with their columns, are those that are documented', () => {
  const db = memoryDb();
  expect(viewsOf(db)).toEqual([...documented.keys()].sort());
  for (const [view, columns] of documented) expect((db.pragma(`table_info(${view})`) as { name: string }[]).map(({ name }) => name), view).toEqual(columns);
});

test('given a large history, when a view is narrowed to one subject and a time, or the documented questions are asked, then rows are found by key', () => {
  const db = memoryDb();
  const narrowed = [...documented].flatMap(([view, [key, first]]) => (/_id$/.test(key!) && view !== 'bi_source' ? [`SELECT * FROM ${view} WHERE ${first} = 'x' AND at_ms >= 5 AND at_ms < 9`] : []));
  const examples = [...DOCUMENT.matchAll(/```sql\n([^`]*)```/g)].map(([, sql]) => sql!);
  expect([narrowed.length, examples.length]).toEqual([13, 4]);
  for (const sql of [...narrowed, ...examples]) {
    const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => detail);
    expect(plan.filter((step) => /^SCAN (?!m\b|CONSTANT)/.test(step)), sql).toEqual([]);
    if (sql.includes('at_ms >=')) expect(plan.join('\n'), sql).toMatch(/SEARCH s USING PRIMARY KEY \((subject|series)_id=\? AND at>\?/);
  }
});

test('given a store of every event type with canaries in every personal field and free text, when all views are read, then they answer, and neither canary nor pseudonym is in them', () => {
  const dir = temporaryDir();
  const store = temporaryStore(dir);
  apply(store, [...eventTypes.keys()].map((type, i) => envelope(type, NOW + i, withGossip(type, withCanaries(type, 'CANARY'), 'GOSSIP'), { id: `c${i}`, source: '//local/main/vigil/test' })));
  const house = readHouse(store.db, storedSiteConfig(store.db, DEFAULT_SITE), FOLDED_KINDS);
  const snapshots = new SnapshotStore(store.db);
  for (const family of FAMILIES_OF_A_MOMENT) snapshots.keep({ family, at: NOW + 60_000, taken: takeSnapshots(house, family, NOW + 60_000) });
  new SampleStore(store.db, 'UTC').write([['ed.census', NOW, 7], ['beds.occupancy_rate@unit=4E', NOW, null]]);
  const pseudonyms = store.db.prepare<[], string>("SELECT id FROM entity WHERE kind IN ('encounter', 'patient', 'or-case', 'lab-order', 'imaging-order', 'pharmacy-order', 'claim', 'account') AND state IS NOT NULL").pluck().all();
  expect(pseudonyms.length).toBeGreaterThan(5);
  const db = openForReading(storeFiles(dir, DEFAULT_SITE).log);
  const answered = Object.fromEntries(viewsOf(db).map((view) => [view, db.prepare(`SELECT * FROM ${view}`).all()]));
  db.close();
  const text = JSON.stringify(answered);
  for (const secret of ['CANARY', 'GOSSIP', ...pseudonyms]) expect(text).not.toContain(`${secret}`);
  expect(answered['bi_source']).toMatchObject([{ kind: 'vigil', instance: 'test', last_contact: expect.stringMatching(/^\d{4}-.*Z$/) as string }]);
  expect(answered['bi_sample']).toMatchObject([{ metric: 'ed.census', scope: null, at: '2026-01-14T08:00:00.000Z', at_ms: NOW, value: 7 }, { metric: 'beds.occupancy_rate', scope: 'unit=4E', value: null }]);
  for (const view of ['bi_hospital_unit', 'bi_unit', 'bi_bed', 'bi_or_status', 'bi_ed_status', 'bi_lab_workload', 'bi_imaging_workload', 'bi_rcm_workload']) expect(answered[view]!.length, view).toBeGreaterThan(0);
});
