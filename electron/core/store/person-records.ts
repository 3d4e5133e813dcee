import { lastRecord } from '../domain/adt/surviving-record.ts';
import type { Db } from './open.ts';

/**
 * Every record of the person of whom `record` is one, by merges in either direction and of any length, as the log tells
 * them: the one that lives on is the last, and those merged into it by many steps come before those by few.
 */
export function personRecords(db: Db, record: string): string[] {
  const into = db.prepare<[string], { record: string | null }>("SELECT json_extract(state, '$.mergedInto') AS record FROM entity WHERE kind = 'patient' AND id = ?");
  const from = db.prepare<[string], { record: string }>("SELECT id AS record FROM entity WHERE kind = 'patient' AND json_extract(state, '$.mergedInto') = ?");
  // A set grows while it is walked, and takes nobody twice: a circle ends.
  const found = new Set([lastRecord((one) => into.get(one)?.record ?? undefined, record)]);
  for (const one of found) for (const { record: merged } of from.all(one)) found.add(merged);
  return [...found].reverse();
}
