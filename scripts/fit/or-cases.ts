import { join } from 'node:path';
import type { Finding } from './finding.ts';
import { duration, frequencies } from './finding.ts';
import { grouped, minute, rows } from './read.ts';

const MOST_CASES = 12;
/** Turnovers above this are pauses of the list, as the metric library has it. */
const LONGEST_TURNOVER = 120;

type Case = { room: string; service: string; procedure: string; booked: number; scheduled: number; in: number; start: number; end: number; out: number };

export type OrService = { service: string; cases: number; procedures: { name: string; cases: number; booked: number }[]; ratio: Finding };

/** Cases of eight operating rooms: how long, how late, how soon after one another. */
export function orCases(data: string): { findings: Finding[]; services: OrService[] } {
  const cases = rows(join(data, 'or-utilization-2022q1/or_cases.csv')).map(
    (row): Case => ({
      room: `${row['Date']}/${row['OR Suite']}`,
      service: row['Service']!,
      procedure: row['CPT Description']!,
      booked: Number(row['Booked Time (min)']),
      scheduled: minute(row['OR Schedule']!),
      in: minute(row['Wheels In']!),
      start: minute(row['Start Time']!),
      end: minute(row['End Time']!),
      out: minute(row['Wheels Out']!),
    }),
  );
  const days = [...grouped(cases, (one) => one.room).values()].map((list) => list.sort((a, b) => a.in - b.in));
  const between = days.flatMap((list) => list.slice(1).map((next, i) => next.in - list[i]!.out));
  const gaps = days.flatMap((list) => {
    const starts = list.map((one) => one.scheduled).sort((x, y) => x - y);
    return starts.slice(1).map((start, i) => start - starts[i]!);
  });
  const perDay = new Array<number>(MOST_CASES).fill(0);
  for (const list of days) perDay[list.length - 1]! += 1;
  const set = { from: 'or-cases' } as const;
  const services = [...grouped(cases, (one) => one.service)].map(([service, list]) => ({
    service,
    cases: list.length,
    procedures: [...grouped(list, (one) => `${one.procedure}|${one.booked}`).values()].map((same) => ({ name: same[0]!.procedure, cases: same.length, booked: same[0]!.booked })),
    ratio: duration(list.map((one) => (one.out - one.in) / one.booked), { ...set, title: `time in room over booked, ${service}`, unit: 'ratio' }),
  }));
  return {
    services,
    findings: [
      duration(cases.map((one) => (one.out - one.in) / one.booked), { ...set, title: 'time in room over booked', unit: 'ratio', observed: 'or.duration_ratio' }, 'surgery.durationRatio'),
      duration(cases.map((one) => one.out - one.in), { ...set, title: 'time in room', unit: 'min', observed: 'or.in_room' }),
      duration(cases.map((one) => one.start - one.in), { ...set, title: 'in room to start', unit: 'min', observed: 'or.setup' }, 'surgery.setup'),
      duration(cases.map((one) => one.out - one.end), { ...set, title: 'end to out of room', unit: 'min' }),
      duration(between.filter((gap) => gap >= 0 && gap <= LONGEST_TURNOVER), { ...set, title: 'turnover', unit: 'min', observed: 'or.turnover' }, 'surgery.turnover'),
      duration(days.map((list) => list.reduce((a, b) => (b.scheduled < a.scheduled ? b : a))).map((one) => one.in - one.scheduled), { ...set, title: 'delay of the first case', unit: 'min', observed: 'or.first_case_delay' }, 'surgery.firstCaseDelay'),
      duration(gaps, { ...set, title: 'scheduled start to the next', unit: 'min' }),
      frequencies(perDay, { ...set, title: 'cases of a room in a day, 1 to 12', unit: 'room-days' }, ''),
    ],
  };
}
