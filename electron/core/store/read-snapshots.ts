import { snapshotFamilies } from '#shared/snapshots/families.ts';
import { metricKey, type Fact, type Snapshot, type SnapshotFamily } from '#shared/snapshots/family.ts';
import { FAMILIES_OF_A_MOMENT } from '../snapshots/take.ts';
import type { Taken } from '../snapshots/taken.ts';
import { openForReading, type Db } from './open.ts';
import { columnOf, namesOf } from './snapshots.ts';

/** Most rows of one answer. */
export const SNAPSHOT_LIMIT = 10_000;

export interface SnapshotQuery {
  readonly family: string;
  /** Narrows by subject field, such as `{ unit: '4E' }`; '' asks for the row of the whole. */
  readonly subject?: Readonly<Record<string, string>>;
}

export interface SnapshotHistory {
  readonly snapshots: Snapshot[];
  /** Spans in which the house was watched, epoch ms; between them a row says nothing. */
  readonly watched: readonly { readonly since: number; readonly until: number }[];
  /** True when the limit cut the answer: ask again from the last `at` on. */
  readonly more: boolean;
}

/** The family of a name. @throws RangeError naming those that exist. */
export function familyOf(name: string): SnapshotFamily {
  const family = snapshotFamilies.get(name);
  if (family) return family;
  throw new RangeError(`no snapshot family ${name}; there are ${[...snapshotFamilies.keys()].join(', ')}`);
}

/**
 * The newest snapshot of each subject, or the one that held at `at` (epoch ms), in the order of subjects.
 * @throws RangeError for an unknown family or a field that its subjects do not have
 */
export function latestSnapshots(db: Db, query: SnapshotQuery, at = Number.MAX_SAFE_INTEGER): Snapshot[] {
  const family = familyOf(query.family);
  const held = db.prepare<[number, number], Row>(`SELECT ${columns(family)} WHERE s.subject_id = ? AND s.at <= ? ORDER BY s.at DESC LIMIT 1`);
  return subjectsOf(db, family, query).flatMap(({ id, subject }) => {
    const row = held.get(id, at);
    return row ? [snapshot(family, subject, row)] : [];
  });
}

/** Where a history goes on: after the row of this moment (epoch ms) and subject. */
export interface SnapshotPlace {
  readonly at: number;
  readonly subject: readonly string[];
}

/**
 * What held in `from <= t < to` (epoch ms): for each subject the row that held at `from`, then every later one; oldest
 * first, of one moment by subject, at most `limit` rows; with `after` only what comes after that row.
 * @throws RangeError for an unknown family or a field that its subjects do not have
 */
export function snapshotHistory(db: Db, query: SnapshotQuery, from: number, to: number, limit = 1_000, after?: SnapshotPlace): SnapshotHistory {
  const family = familyOf(query.family);
  const most = Math.min(limit, SNAPSHOT_LIMIT);
  const first = db.prepare<[number, number], { at: number | null }>(`SELECT MAX(at) AS at FROM ${family.table} WHERE subject_id = ? AND at <= ?`);
  const rows = db.prepare<[number, number, number, number], Row>(`SELECT ${columns(family)} WHERE s.subject_id = ? AND s.at >= ? AND s.at < ? ORDER BY s.at LIMIT ?`);
  const begin = (id: number, subject: readonly string[]) => Math.max(first.get(id, from)!.at ?? from, after ? after.at + (order(subject, after.subject) > 0 ? 0 : 1) : -Infinity);
  const found: Snapshot[] = [];
  let until = to;
  for (const { id, subject } of subjectsOf(db, family, query)) {
    found.push(...rows.all(id, begin(id, subject), until, most + 1).map((row) => snapshot(family, subject, row)));
    if (found.length <= 2 * most) continue;
    // Enough to say that there is more: what other subjects have from then on comes after it.
    found.sort((a, b) => a.at - b.at).splice(most + 1);
    until = found[most]!.at;
  }
  found.sort((a, b) => a.at - b.at);
  const watched = db.prepare<[number, number], { since: number; until: number }>('SELECT since, until FROM snapshot_watch WHERE since < ? AND until >= ? ORDER BY since').all(to, from);
  return { snapshots: found.slice(0, most), watched, more: found.length > most };
}

type Row = Record<string, string | number | null>;

const columns = (family: SnapshotFamily): string =>
  `s.at, ${namesOf(family).map((name) => `s.${columnOf(name)}`).concat('r.reasons').join(', ')} FROM ${family.table} s LEFT JOIN snapshot_reason r ON r.reason_id = s.unknown`;

function subjectsOf(db: Db, family: SnapshotFamily, { subject: narrow = {} }: SnapshotQuery): { id: number; subject: readonly string[] }[] {
  const foreign = Object.keys(narrow).find((field) => !family.subject.includes(field));
  if (foreign !== undefined) throw new RangeError(`${family.name} snapshots have no ${foreign}; they are told apart by ${family.subject.join(', ')}`);
  const rows = db.prepare<[string], { id: number; subject: string }>('SELECT subject_id AS id, subject FROM snapshot_subject WHERE family = ?').all(family.name);
  return rows
    .map(({ id, subject }) => ({ id, subject: JSON.parse(subject) as string[] }))
    .filter(({ subject }) => family.subject.every((field, i) => (narrow[field] ?? subject[i]) === subject[i]))
    .sort((a, b) => order(a.subject, b.subject));
}

/** By the first field that differs. */
function order(a: readonly string[], b: readonly string[]): number {
  const i = a.findIndex((field, n) => field !== b[n]);
  return i === -1 ? 0 : a[i]! < b[i]! ? -1 : 1;
}

function snapshot(family: SnapshotFamily, subject: readonly string[], row: Row): Snapshot {
  const fact = (name: string): Fact => {
    const value = row[columnOf(name)] ?? null;
    return family.facts[name] === 'flag' && value !== null ? value === 1 : value;
  };
  return {
    at: row['at'] as number,
    subject: Object.fromEntries(family.subject.map((field, i) => [field, subject[i] || null])),
    facts: Object.fromEntries(Object.keys(family.facts).map((name) => [name, fact(name)])),
    metrics: Object.fromEntries(family.metrics.map(metricKey).map((name) => [name, row[columnOf(name)] as number | null])),
    unknown: row['reasons'] === null ? {} : (JSON.parse(row['reasons'] as string) as Record<string, string>),
  };
}

/** The snapshots that hold at `at` (epoch ms) as they were taken. */
export function writtenSnapshots(db: Db, name: string, at = Number.MAX_SAFE_INTEGER): Taken[] {
  const family = familyOf(name);
  return latestSnapshots(db, { family: name }, at).map(({ subject, facts, metrics, unknown }) => ({ subject: family.subject.map((field) => subject[field] ?? ''), facts, metrics, unknown }));
}

/** What a core that starts goes on from: the snapshots that hold at `at` by family, and when one last took some (epoch ms; -Infinity: never). */
export function snapshotsSoFar(file: string, at: number): { written: ReadonlyMap<string, readonly Taken[]>; watchedUntil: number } {
  const db = openForReading(file);
  try {
    const { until } = db.prepare<[], { until: number | null }>('SELECT MAX(until) AS until FROM snapshot_watch').get()!;
    return { written: new Map(FAMILIES_OF_A_MOMENT.map((family) => [family, writtenSnapshots(db, family, at)])), watchedUntil: until ?? -Infinity };
  } finally {
    db.close();
  }
}
