import type { Db } from './open.ts';

/** Rows read in one slice: short enough that the write-ahead log can be emptied between two. */
const SLICE = 20_000;

/** Tables that grow with events, and the key by which they are read in slices. Their widest column makes every page of a row be read. */
const LARGE = [
  { table: 'ops_event', key: 'position', column: 'data' },
  { table: 'entity', key: 'entity_id', column: 'state' },
  { table: 'baseline_entity', key: 'baseline_entity_id', column: 'state' },
] as const;

/**
 * Reads a database through, in slices of short transactions. Yields before each slice; what is damaged comes as an
 * error's message, undefined when nothing is. Structure is judged by SQLite's quick_check where a table is small.
 */
export function* checkIntegrity(db: Db): Generator<void, string | undefined> {
  const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all().map(({ name }) => name);
  try {
    for (const name of tables) {
      const large = LARGE.find(({ table }) => table === name);
      if (large) yield* readThrough(db, large);
      else {
        yield;
        const verdict = db.pragma(`quick_check('${name}')`, { simple: true }) as string;
        if (verdict !== 'ok') return `${name}: ${verdict}`;
      }
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function* readThrough(db: Db, { table, key, column }: (typeof LARGE)[number]): Generator<void> {
  const slice = db.prepare<[number, number], { last: number | null; n: number }>(
    `SELECT MAX(k) AS last, COUNT(*) AS n, SUM(LENGTH(v)) FROM (SELECT ${key} AS k, ${column} AS v FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?)`,
  );
  for (let at = 0; ; ) {
    yield;
    const { last, n } = slice.get(at, SLICE)!;
    if (last === null || n < SLICE) return;
    at = last;
  }
}
