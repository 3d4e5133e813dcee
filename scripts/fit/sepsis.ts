import { join } from 'node:path';
import type { Finding } from './finding.ts';
import { duration, frequencies, part } from './finding.ts';
import { dailyCourse, evenness } from './hours.ts';
import { grouped, hourOfDay, minute, rows } from './read.ts';

const DAY = 1440;
const DAYS_OF_WEEK = 7;
/** 1970-01-01 was a Thursday. */
const THURSDAY = 3;

type Step = { at: number; activity: string };

export type Sepsis = { findings: Finding[]; hours: number[]; evenHours: number; evenDays: number; waves: number; returns: { all: number; within72h: number; releases: number } };

/** The sepsis log: emergency cases from registration to release, and their returns. */
export function sepsis(data: string): Sepsis {
  const all = rows(join(data, 'sepsis-cases-4tu/sepsis.csv'), ';');
  const cases = [...grouped(all, (row) => row['Case ID']!).values()].map((steps) =>
    steps.map((row) => ({ at: minute(row['Complete Timestamp']!), activity: row['Activity']! })).sort((a, b) => a.at - b.at),
  );
  const registered = cases.map((steps) => first(steps, 'ER Registration')!);
  const from = (activity: (name: string) => boolean) =>
    cases.flatMap((steps, i) => {
      const to = steps.find((step) => activity(step.activity))?.at;
      return to === undefined ? [] : [to - registered[i]!];
    });
  const wards = cases.flatMap((steps) => stays(steps, 'Admission NC'));
  const intensive = cases.flatMap((steps) => stays(steps, 'Admission IC'));
  const admissions = cases.map((steps) => steps.filter((step) => step.activity.startsWith('Admission')));
  const firsts = admissions.filter((list) => list.length > 0).map((list) => list[0]!.activity);
  const hours = counts(registered, 24, hourOfDay);
  const released = cases.flatMap((steps) => steps.filter((step) => step.activity.startsWith('Release')).map((step) => step.at));
  const course = dailyCourse(hours);
  const back = cases.flatMap((steps) => {
    const left = steps.findLast((step) => step.activity.startsWith('Release'))?.at;
    const again = first(steps, 'Return ER');
    return left === undefined || again === undefined ? [] : [again - left];
  });
  const set = { from: 'sepsis-log' } as const;
  return {
    hours,
    evenHours: evenness(hours),
    evenDays: evenness(counts(registered, DAYS_OF_WEEK, (at) => (Math.floor(at / DAY) + THURSDAY) % DAYS_OF_WEEK)),
    waves: course.waves,
    returns: { all: back.length, within72h: back.filter((wait) => wait <= 3 * DAY).length, releases: released.length },
    findings: [
      duration(from((name) => name === 'ER Triage'), { ...set, title: 'registration to triage', unit: 'min', observed: 'ed.registration_to_triage' }),
      duration(from((name) => name.startsWith('Admission')), { ...set, title: 'registration to admission', unit: 'min', observed: 'ed.registration_to_admission' }),
      duration(wards.map((stay) => stay / DAY), { ...set, title: 'stay on a ward', unit: 'd', observed: 'ward.stay' }, 'inpatient.stayDays.medical'),
      duration(intensive.map((stay) => stay / DAY), { ...set, title: 'stay in intensive care', unit: 'd' }),
      duration(back.map((wait) => wait / DAY), { ...set, title: 'release to return', unit: 'd' }, 'ed.returns.afterDays'),
      part(back.length, released.length, { ...set, title: 'released patients who come back', unit: 'share' }, 'ed.returns.share'),
      {
        ...set,
        title: 'arrivals by hour of day',
        unit: 'weight',
        n: registered.length,
        parameter: { path: 'ed.arrivals.byHour', value: course.weights, note: 'sepsis cases; times of day are true, see docs/demo-hospital.md' },
      },
      frequencies(counts(released, 24, hourOfDay), { ...set, title: 'releases by hour of day', unit: 'weight' }, 'inpatient.dischargeHour'),
      part(firsts.filter((name) => name === 'Admission IC').length, firsts.length, { ...set, title: 'first admission is to intensive care', unit: 'share' }, ''),
    ],
  };
}

const first = (steps: readonly Step[], activity: string): number | undefined => steps.find((step) => step.activity === activity)?.at;

/** From each admission of the kind to the next admission or release. */
const stays = (steps: readonly Step[], kind: string): number[] =>
  steps.flatMap((step, i) => {
    if (step.activity !== kind) return [];
    const next = steps.slice(i + 1).find((later) => later.activity.startsWith('Admission') || later.activity.startsWith('Release'));
    return next ? [next.at - step.at] : [];
  });

function counts(times: readonly number[], size: number, of: (at: number) => number): number[] {
  const found = new Array<number>(size).fill(0);
  for (const at of times) found[of(at)]! += 1;
  return found;
}
