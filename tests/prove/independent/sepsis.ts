import { distribution, share, type Expected } from './expectation.ts';
import { groupBy, minutesOf, rawTable } from './raw-table.ts';

interface Step {
  activity: string;
  at: number;
}

/** Every visit of every case: the rows up to the next return to the emergency room. */
function visits(steps: readonly Step[]): Step[][] {
  const all: Step[][] = [[]];
  for (const step of steps) {
    if (step.activity === 'Return ER') all.push([]);
    all.at(-1)!.push(step);
  }
  return all.filter((visit) => visit.length > 0);
}

/** What tells of the visit itself; a part of a log may hold nothing of a visit but its laboratory. */
const OF_VISIT = /^(ER Registration|Return ER|ER Triage|Admission|Release)/;

/** Sepsis log: registration to triage, and first placements by kind of unit. */
export function expectedOfSepsis(file: string): Expected {
  const rows = rawTable(file, ';');
  const cases = groupBy(rows, (row) => row['Case ID']!);
  const all = [...cases.values()].flatMap((of) =>
    visits(of.map((row) => ({ activity: row['Activity']!, at: minutesOf(row['Complete Timestamp']!) })).filter(({ at }) => !Number.isNaN(at)).sort((a, b) => a.at - b.at)),
  );
  const waits: number[] = [];
  const admissions = { ward: 0, icu: 0 };
  for (const visit of all) {
    const arrived = visit.find(({ activity }) => activity === 'ER Registration' || activity === 'Return ER');
    const triaged = visit.find(({ activity }) => activity === 'ER Triage');
    if (arrived && triaged) waits.push(triaged.at - arrived.at);
    const placed = visit.find(({ activity }) => activity.startsWith('Admission'));
    if (placed) admissions[placed.activity === 'Admission IC' ? 'icu' : 'ward']++;
  }
  /** What no row tells of at all is unknown. */
  const where = (activity: string, value: number) => ({ value: rows.some((row) => row['Activity']!.startsWith(activity)) ? value : null });
  return {
    accounted: { rows: rows.length, entities: { encounter: all.filter((visit) => visit.some(({ activity }) => OF_VISIT.test(activity))).length } },
    queries: [
      { metric: 'ed.registration_to_triage', scope: {}, answer: { ...distribution(waits), within: share(waits, 5) } },
      { metric: 'census.admissions', scope: {}, answer: where('Admission', admissions.ward + admissions.icu) },
      { metric: 'census.admissions', scope: { unit_kind: 'ward' }, answer: where('Admission NC', admissions.ward) },
      { metric: 'census.admissions', scope: { unit_kind: 'icu' }, answer: where('Admission IC', admissions.icu) },
    ],
  };
}
