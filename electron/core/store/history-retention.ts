import { SNAPSHOT_FAMILIES } from '#shared/snapshots/families.ts';
import { siteDays } from '../metrics/days.ts';
import { horizonOf, moveHorizon, type History } from './history-horizon.ts';
import { inTransaction, type Db } from './open.ts';
import { ROLLUP_STEPS, Rollups } from './rollups.ts';

/** Everything that {@link deleteHistoryStep} forgets by time: `sample`, `15m`, `1h`, `1d`, and the snapshot families by table. */
export const HISTORIES: readonly History[] = ['sample', ...ROLLUP_STEPS, ...SNAPSHOT_FAMILIES.map(({ table }) => table)];

/** What a step has to be made of before it may go: rollups of a day need its quarters, quarters their samples. */
const MADE_OF: Readonly<Record<string, History>> = { '15m': 'sample' };

export interface ForgottenStep {
  readonly deleted: number;
  /** True when nothing older is left. */
  readonly done: boolean;
}

/**
 * Forgets at most `rows` rows of one history from before `before` (epoch ms), in a transaction of its own; to be called
 * again until `done`. Ends at the start of a day of the site, so that no rollup is ever half forgotten. Samples are
 * rolled up before they go. Of a snapshot family the row that held at that time stays, as it says what was then.
 * @param zone IANA zone of the site
 */
export function deleteHistoryStep(db: Db, zone: string, history: History, before: number, rows: number): ForgottenStep {
  const parent = MADE_OF[history];
  const bound = parent === undefined ? before : Math.min(before, horizonOf(db, parent));
  if (bound === -Infinity) return { deleted: 0, done: true };
  const limit = siteDays(zone).dayOf(bound).from;
  return inTransaction(db, () => {
    moveHorizon(db, history, limit);
    if (history === 'sample') return samples(db, zone, limit, rows);
    if ((ROLLUP_STEPS as readonly string[]).includes(history)) return bySubject(db, `metric_rollup_${history}`, 'series_id', keys(db, 'metric_series', 'series_id'), () => limit, rows);
    return snapshots(db, history, limit, rows);
  });
}

function samples(db: Db, zone: string, limit: number, rows: number): ForgottenStep {
  const rollups = new Rollups(db, siteDays(zone));
  const ids = keys(db, 'metric_series', 'series_id');
  for (const id of ids) rollups.closeUpTo(id, limit);
  return bySubject(db, 'metric_sample', 'series_id', ids, () => limit, rows);
}

function snapshots(db: Db, table: string, limit: number, rows: number): ForgottenStep {
  const family = SNAPSHOT_FAMILIES.find((one) => one.table === table);
  if (!family) throw new RangeError(`no history ${table}; there are ${HISTORIES.join(', ')}`);
  const ids = db.prepare<[string], { id: number }>('SELECT subject_id AS id FROM snapshot_subject WHERE family = ?').all(family.name).map(({ id }) => id);
  const held = db.prepare<[number, number], { at: number | null }>(`SELECT MAX(at) AS at FROM ${table} WHERE subject_id = ? AND at <= ?`);
  // A period of a KPI is over; a state holds until the next one.
  const upTo = family.name === 'kpi' ? () => limit : (id: number) => held.get(id, limit)!.at ?? limit;
  return bySubject(db, table, 'subject_id', ids, upTo, rows);
}

const keys = (db: Db, table: string, column: string): number[] => db.prepare<[], { id: number }>(`SELECT ${column} AS id FROM ${table}`).all().map(({ id }) => id);

/** Deletes the oldest rows of each subject before its limit, by index, until `rows` are gone. */
function bySubject(db: Db, table: string, column: string, ids: readonly number[], upTo: (id: number) => number, rows: number): ForgottenStep {
  const nth = db.prepare<[number, number, number], { at: number }>(`SELECT at FROM ${table} WHERE ${column} = ? AND at < ? ORDER BY at LIMIT 1 OFFSET ?`);
  const forget = db.prepare(`DELETE FROM ${table} WHERE ${column} = ? AND at < ?`);
  let deleted = 0;
  for (const id of ids) {
    const limit = upTo(id);
    const next = nth.get(id, limit, rows - deleted)?.at;
    deleted += forget.run(id, next ?? limit).changes;
    if (next !== undefined) return { deleted, done: false };
  }
  return { deleted, done: true };
}
