import { type Expected } from './expectation.ts';
import { groupBy, minutesOf, rawTable } from './raw-table.ts';

/** Kinds of unit in which a stay of intensive care is spent, by the names that MIMIC-IV gives its units. */
const isIcu = (unit: string) => /Intensive Care Unit|Coronary Care Unit|SICU/.test(unit) && !/Intermediate|Stepdown/i.test(unit);

/** An inpatient's place: somebody who comes by the recovery room alone was never in a bed of the house. */
const isInpatient = ({ eventtype, careunit }: Record<string, string>) => (eventtype === 'admit' || eventtype === 'transfer') && careunit !== 'PACU';

/** MIMIC-IV transfers: stays, where each began, and how each ended. */
export function expectedOfTransfers(file: string): Expected {
  const rows = rawTable(file);
  const stays = groupBy(rows, (row) => row['hadm_id'] || `ED-${row['transfer_id']}`);
  let admitted = 0;
  let toIcu = 0;
  let discharged = 0;
  for (const of of stays.values()) {
    const placed = of
      .filter(isInpatient)
      .sort((a, b) => minutesOf(a['intime']!) - minutesOf(b['intime']!) || a['eventtype']!.localeCompare(b['eventtype']!));
    if (placed.length > 0) admitted++;
    if (placed[0] && isIcu(placed[0]['careunit']!)) toIcu++;
    if (placed.length > 0 && of.some(({ eventtype }) => eventtype === 'discharge')) discharged++;
  }
  const inpatient = rows.filter(isInpatient);
  /** What nobody has reported is unknown. */
  const where = (reported: boolean, value: number) => ({ value: reported ? value : null });
  return {
    accounted: { rows: rows.length, entities: { encounter: stays.size } },
    queries: [
      { metric: 'census.admissions', scope: {}, answer: where(inpatient.length > 0, admitted) },
      { metric: 'census.admissions', scope: { unit_kind: 'icu' }, answer: where(inpatient.some((row) => isIcu(row['careunit']!)), toIcu) },
      { metric: 'census.discharges', scope: {}, answer: where(inpatient.length > 0, discharged) },
    ],
  };
}
