import type { House } from '../house.ts';
import type { EncounterState } from '../states.ts';

/** The record under which a person lives on after merges; `mergedInto`: which record another was merged into. Records merged in a circle count as the first by name. */
export function lastRecord(mergedInto: (record: string) => string | undefined, record: string): string {
  const way = [record];
  for (;;) {
    const into = mergedInto(way.at(-1)!);
    if (into === undefined) return way.at(-1)!;
    const circle = way.indexOf(into);
    if (circle >= 0) return way.slice(circle).sort()[0]!;
    way.push(into);
  }
}

/** {@link lastRecord} by what a house knows. */
export const survivingRecord = (house: House, patient: string): string => lastRecord((record) => house.get('patient', record)?.mergedInto, patient);

/** The person behind an encounter, followed through merges; undefined when the encounter names none. */
export function personOf(house: House, encounter: EncounterState): string | undefined {
  const id = encounter.ed?.patient ?? encounter.adt?.patient;
  return id === undefined ? undefined : survivingRecord(house, id);
}
