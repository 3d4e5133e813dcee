import type { Db } from './open.ts';

/** Pseudonyms of those whose stay is not over, and of the records that theirs were merged into. */
export function whoIsHere(db: Db): ReadonlySet<string> {
  const here = new Set<string>();
  const into = db.prepare<[string], string | null>("SELECT state ->> '$.mergedInto' FROM entity WHERE kind = 'patient' AND id = ?").pluck();
  const stays = db.prepare<[], [adt: string | null, ed: string | null]>("SELECT state ->> '$.adt.patient', state ->> '$.ed.patient' FROM entity WHERE open = 1 AND kind = 'encounter'").raw();
  for (const names of stays.iterate()) {
    // Merges may go in a circle.
    for (let record of names) for (; record != null && !here.has(record); record = into.get(record) ?? null) here.add(record);
  }
  return here;
}
