import { expect, test } from 'vitest';
import type { Place } from '#core/exports/asked.ts';
import { listOf, type StoredList } from '#core/exports/lists.ts';
import { exportPage } from '#core/exports/page.ts';
import type { Db } from '#core/store/open.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { memoryDb } from '../../fixtures/databases.ts';

const T = Date.UTC(2026, 2, 8);
const MINUTE = 60_000;
const ROWS = 600;
const PAGE = 20;

/** A store with as many rows in each list, some before the moment from which lists are asked for. */
function filled(): Db {
  const db = memoryDb();
  db.exec(`
    INSERT INTO site VALUES ('config', '{}');
    INSERT INTO entity VALUES (1, 'bed', '4E-1', '{}', 1, 1);
    INSERT INTO snapshot_subject (subject_id, family, subject) VALUES (1, 'bed', '["4E","1"]');
    INSERT INTO metric_series VALUES (1, 'ed.census');
  `);
  const puts = [
    db.prepare("INSERT INTO ops_event_source (source_id, uri, source, instance) VALUES (@n, '//local/main/ehr/' || @n, 'ehr', @n)"),
    db.prepare("INSERT INTO ops_event (source_id, id, type, time, entity, data, hash, received) VALUES (@n, 'e', 'bed.cleaned', @at, 1, '{}', x'00', @at)"),
    db.prepare("INSERT INTO dead_letter (received, reason, detail, size) VALUES (@at, 'not-json', '', 1)"),
    db.prepare('INSERT INTO bed_snapshot (subject_id, at) VALUES (1, @at)'),
    db.prepare('INSERT INTO metric_sample VALUES (1, @at, @n)'),
    db.prepare('INSERT INTO metric_rollup_1h (series_id, at, min, max, sum, last, count, unknown) VALUES (1, @at, 1, 1, 1, 1, 1, 0)'),
  ];
  db.transaction(() => {
    for (let n = 0; n < ROWS; n++) for (const put of puts) put.run({ n, at: T + n * MINUTE });
  })();
  return db;
}

const FROM = T + 100 * MINUTE;
const range = { from: FROM, to: T + ROWS * MINUTE };

/** Each list, the key by which its pages are found, and how many rows it has then. */
const LISTS: readonly { asked: StoredList; key: string; rows: number; plan: RegExp }[] = [
  { asked: { list: 'events', ...range }, key: 'e.position', rows: ROWS - 100, plan: /^SEARCH e USING INDEX ops_event_time \(time>\? AND time<\?\)/ },
  { asked: { list: 'dead-letters' }, key: 'dead_letter_id', rows: ROWS, plan: /^SEARCH dead_letter USING INTEGER PRIMARY KEY \(rowid>\?\)/ },
  { asked: { list: 'sources' }, key: 'source_id', rows: ROWS, plan: /^SEARCH s USING INTEGER PRIMARY KEY \(rowid>\?\)/ },
  { asked: { list: 'beds' }, key: 'at_ms', rows: 1, plan: /^SEARCH s USING PRIMARY KEY \(subject_id=\? AND at=\?\)/ },
  { asked: { list: 'snapshots', family: 'bed', ...range }, key: 'at_ms', rows: ROWS - 100, plan: /^SEARCH s USING PRIMARY KEY \(subject_id=\? AND at>\? AND at<\?\)/ },
  { asked: { list: 'series', metric: 'ed.census', step: '1m', ...range }, key: 'at_ms', rows: ROWS - 100, plan: /^SEARCH s USING PRIMARY KEY \(series_id=\? AND at>\? AND at<\?\)/ },
  { asked: { list: 'series', metric: 'ed.census', step: '1h', ...range }, key: 'at_ms', rows: ROWS - 100, plan: /^SEARCH s USING PRIMARY KEY \(series_id=\? AND at>\? AND at<\?\)/ },
];

/** Reads a list to its end in pages, with a look at each row that SQLite steps over before anything else is asked of it. */
function read(db: Db, asked: StoredList, key: string): { rows: number; pages: number; looked: number } {
  const { sql } = listOf(db, asked);
  let looked = 0;
  db.function('looked', { deterministic: false, varargs: false }, (_row: unknown) => ++looked);
  const prepare = db.prepare.bind(db);
  db.prepare = ((text: string) => prepare(text === sql ? text.replace('WHERE', `WHERE looked(${key}) AND`) : text)) as typeof db.prepare;
  let [rows, pages] = [0, 0];
  for (let place: Place | undefined; ; pages++) {
    const page = exportPage(db, DEFAULT_SITE, { asked, format: 'csv', place }, PAGE);
    rows += page.rows;
    place = page.next;
    if (!place) return { rows, pages: pages + 1, looked };
  }
}

test.each(LISTS)('given many rows, when the list $asked.list is read page by page, then each page begins at its key and looks at its own rows alone', ({ asked, key, rows, plan }) => {
  const db = filled();
  const plans = db.prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${listOf(db, asked).sql}`).all({ part: 1, key: 1, tie: 1, from: 1, to: 1, limit: 1 });
  expect(plans.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(plan));
  const done = read(db, asked, key);
  expect(done.rows).toBe(rows);
  // The row that was the last of a page before, and the one behind the end, may be looked at once more.
  expect(done.looked).toBeGreaterThanOrEqual(rows);
  expect(done.looked).toBeLessThanOrEqual(rows + 2 * done.pages);
});
