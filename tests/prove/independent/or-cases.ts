import { distribution, share, type Expectation, type Expected } from './expectation.ts';
import { groupBy, rawTable } from './raw-table.ts';

/** Minutes since 1970 of `MM/dd/yy hh:mm a`, read as UTC. */
function minutes(text: string): number {
  const [date, time, half] = text.split(' ') as [string, string, string];
  const [month, day, year] = date.split('/').map(Number) as [number, number, number];
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  return Date.UTC(2000 + (year % 100), month - 1, day, (hour % 12) + (half === 'PM' ? 12 : 0), minute) / 60_000;
}
const day = (at: number) => Math.floor(at / 1440);

interface Case {
  room: string;
  scheduled: number;
  in: number;
  out: number;
}

function answers(cases: readonly Case[]): { onTime: number | null; turnovers: number[]; tooLong: number; overlaps: number } {
  const starts = [...groupBy(cases, (c) => `${c.room} ${day(c.scheduled)}`).values()].map(
    (of) => of.reduce((first, c) => (c.scheduled < first.scheduled || (c.scheduled === first.scheduled && c.in < first.in) ? c : first)),
  );
  const turnovers: number[] = [];
  let tooLong = 0;
  let overlaps = 0;
  for (const of of groupBy(cases, (c) => `${c.room} ${day(c.in)}`).values()) {
    // Of two that came in together the one who left first is the earlier.
    of.sort((a, b) => a.in - b.in || a.out - b.out);
    for (let i = 1; i < of.length; i++) {
      const gap = of[i]!.in - of[i - 1]!.out;
      if (gap < 0) overlaps++;
      else if (gap > 120) tooLong++;
      else turnovers.push(gap);
    }
  }
  return { onTime: starts.length === 0 ? null : starts.filter((c) => c.in <= c.scheduled + 5).length / starts.length, turnovers, tooLong, overlaps };
}

/** Operating room cases: first-case starts, turnover and overlaps, of all rooms and of each. */
export function expectedOfOrCases(file: string): Expected {
  const rows = rawTable(file);
  const cases = rows
    .filter((row) => row['OR Schedule'] && row['Wheels In'] && row['Wheels Out'])
    .map((row) => ({ room: row['OR Suite']!, scheduled: minutes(row['OR Schedule']!), in: minutes(row['Wheels In']!), out: minutes(row['Wheels Out']!) }));
  const rooms = [...new Set(cases.map(({ room }) => room))].sort();
  return {
    accounted: { rows: rows.length, entities: { 'or-case': rows.length } },
    queries: [undefined, ...rooms].flatMap((room): Expectation[] => {
      const scope: Record<string, string> = room === undefined ? {} : { room };
      const { onTime, turnovers, tooLong, overlaps } = answers(cases.filter((c) => room === undefined || c.room === room));
      return [
        { metric: 'or.first_case_on_time_rate', scope, answer: { value: onTime } },
        { metric: 'or.turnover', scope, answer: { ...distribution(turnovers, tooLong), within: share(turnovers, 30) } },
        { metric: 'or.overlaps', scope, answer: { value: overlaps } },
      ];
    }),
  };
}
