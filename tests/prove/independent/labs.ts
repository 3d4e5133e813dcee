import { distribution, share, type Expected } from './expectation.ts';
import { groupBy, minutesOf, rawTable } from './raw-table.ts';

/** Share at or under the limit, minutes, that metrics define for a priority. */
const LIMITS: Readonly<Record<string, number>> = { STAT: 60, ROUTINE: 240 };

/** MIMIC-IV labevents: charted to stored, by priority. */
export function expectedOfLabs(file: string): Expected {
  const rows = rawTable(file);
  const samples = rows
    .map((row) => ({ priority: row['priority'] || 'unspecified', minutes: minutesOf(row['storetime']!) - minutesOf(row['charttime']!) }))
    .filter(({ minutes }) => !Number.isNaN(minutes));
  const query = (scope: Record<string, string>, of: typeof samples) => {
    const limit = LIMITS[scope['priority'] ?? ''];
    const values = of.map(({ minutes }) => minutes);
    return { metric: 'lab.turnaround', scope, answer: { ...distribution(values), ...(limit === undefined ? {} : { within: share(values, limit) }) } };
  };
  return {
    accounted: { rows: rows.length, entities: { 'lab-order': rows.length } },
    queries: [query({}, samples), ...[...groupBy(samples, ({ priority }) => priority)].map(([priority, of]) => query({ priority }, of))],
  };
}
