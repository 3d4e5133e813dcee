import { distribution, type Expected } from './expectation.ts';
import { groupBy, minutesOf, rawTable } from './raw-table.ts';

/** Words that are no step of their own: the claim stays where it was. */
const STEPS = new Set(['NEW', 'FIN', 'RELEASE', 'CODE OK', 'CODE NOK', 'CODE ERROR', 'BILLED', 'STORNO', 'REJECT', 'REOPEN', 'DELETE']);
const DONE = new Set(['BILLED', 'STORNO', 'DELETE']);
const REWORK = new Set(['CODE NOK', 'CODE ERROR', 'REOPEN', 'STORNO', 'REJECT']);

/** Hospital billing log: every case and every event, and what the log can say of claims. A nameless case is the one called NA. */
export function expectedOfBilling(file: string): Expected {
  const rows = rawTable(file);
  const claims = [...groupBy(rows, (row) => row['case_id'] || 'NA').values()].map((of) =>
    of.map((row) => ({ word: row['activity']!, at: minutesOf(row['timestamp']!) })).sort((a, b) => a.at - b.at),
  );
  const days: number[] = [];
  let open = 0;
  let billed = 0;
  let clean = 0;
  for (const steps of claims) {
    const opened = steps.find(({ word }) => word === 'NEW');
    const bills = steps.filter(({ word }) => word === 'BILLED');
    if (opened && bills[0]) days.push((bills[0].at - opened.at) / 1440);
    if (!DONE.has(steps.findLast(({ word }) => STEPS.has(word))?.word ?? '')) open++;
    if (bills.length > 0) billed++;
    if (bills.length === 1 && !steps.some(({ word }) => REWORK.has(word))) clean++;
  }
  return {
    accounted: { rows: rows.length, entities: { claim: claims.length } },
    queries: [
      { metric: 'rcm.claims_open', scope: {}, answer: { value: open } },
      { metric: 'rcm.claims_submitted', scope: {}, answer: { value: billed } },
      { metric: 'rcm.clean_claim_rate', scope: {}, answer: { value: billed === 0 ? null : clean / billed } },
      { metric: 'rcm.claim_cycle_days', scope: {}, answer: distribution(days) },
    ],
  };
}
