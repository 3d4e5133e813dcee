import type { House } from '../house.ts';

/** The record under which a person lives on after merges. Records merged in a circle count as the first by name. */
export function survivingRecord(house: House, patient: string): string {
  if (house.get('patient', patient)?.mergedInto === undefined) return patient;
  const way = [patient];
  for (;;) {
    const into = house.get('patient', way.at(-1)!)?.mergedInto;
    if (into === undefined) return way.at(-1)!;
    const circle = way.indexOf(into);
    if (circle >= 0) return way.slice(circle).sort()[0]!;
    way.push(into);
  }
}
