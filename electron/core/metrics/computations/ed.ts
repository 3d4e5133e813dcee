import { Durations, HOUR } from '../durations.ts';
import { hasHappened, inWindow, known, share, unknown, type Context, type Samples, type SamplesOf, type ValueOf } from '../context.ts';
import { recordsOf } from '../places.ts';
import { personOf } from '../../domain/adt/surviving-record.ts';
import { departedEdAt, leftEdAt } from '../../domain/ed/presence.ts';
import type { EdState } from '../../domain/ed/state.ts';
import { ambulances, present, reports, visits, type Visit } from './ed-visits.ts';

const NO_ARRIVAL = 'no ed.arrived event has been reported';

const decided = (c: Context, { ed }: Visit) => hasHappened(c, ed.admissionDecidedAt);
const seen = (c: Context, { ed }: Visit) => hasHappened(c, ed.roomedAt) || hasHappened(c, ed.providerAt);

const headcount =
  (needs: readonly (keyof EdState)[], lacking: string, counts: (c: Context, visit: Visit) => boolean): ValueOf =>
  (c) => {
    if (!reports(c, 'arrivedAt')) return unknown(NO_ARRIVAL);
    if (needs.length > 0 && !needs.some((field) => reports(c, field))) return unknown(lacking);
    return known(present(c).filter((visit) => counts(c, visit)).length);
  };

const NO_ROOMING = 'no ed.roomed or ed.provider-assigned event has been reported';
const census = headcount([], '', () => true);
const waiting = headcount(['roomedAt', 'providerAt'], NO_ROOMING, (c, visit) => !decided(c, visit) && !seen(c, visit));
const inTreatment = headcount(['roomedAt', 'providerAt'], NO_ROOMING, (c, visit) => !decided(c, visit) && seen(c, visit));
export const boarders = headcount(['admissionDecidedAt'], 'no ed.admission-decided event has been reported', decided);

/** Beds of the emergency departments of the scope, or why they are not known. */
export const treatmentSpaces: ValueOf = ({ house, scope }) => {
  const departments = house.site.units.filter((u) => u.kind === 'ed' && (scope.ed ?? u.id) === u.id);
  const spaces = departments.reduce((sum, u) => sum + u.beds.length, 0);
  return spaces > 0 ? known(spaces) : unknown('no treatment spaces are configured (site.units of kind ed)');
};

const occupancyRate: ValueOf = (c) => {
  const patients = census(c);
  if (patients.value === null) return patients;
  const spaces = treatmentSpaces(c);
  return spaces.value === null ? spaces : known(patients.value / spaces.value);
};

type Step = keyof EdState & `${string}At`;
/** A departure that was withdrawn is none. */
const timeOf = ({ ed, encounter }: Visit, step: Step) => (step === 'departedAt' ? departedEdAt(encounter) : ed[step]);

const lasting =
  (start: Step, end: Step, admits: (c: Context, visit: Visit) => boolean = () => true): SamplesOf =>
  (c): Samples => {
    const durations = new Durations(c);
    for (const visit of visits(c, c.from)) if (admits(c, visit)) durations.add(timeOf(visit, start), timeOf(visit, end));
    return durations.done();
  };

const ofLevel = ({ scope }: Context, { ed }: Visit) => scope.level === undefined || String(ed.level) === scope.level;

const arrivals = (c: Context) => [...visits(c, c.from)].filter(({ ed }) => inWindow(c, ed.arrivedAt));

const lwbsRate: ValueOf = (c) => {
  if (!reports(c, 'leftWithoutBeingSeenAt')) return unknown('no ed.left-without-being-seen event has been reported');
  let left = 0;
  for (const { ed } of visits(c, c.from)) if (inWindow(c, ed.leftWithoutBeingSeenAt)) left += 1;
  return share(left, arrivals(c).length, 'no patient arrived in the window');
};

/** Whether the person left the emergency department or the hospital, on another encounter, at most so long before as the metric looks back. */
function hasReturned({ house, definition }: Context, person: string, { ed, encounter }: Visit): boolean {
  const within = definition.lookBackHours! * HOUR;
  const isRecent = (at: number | undefined) => at !== undefined && at <= ed.arrivedAt! && ed.arrivedAt! - at <= within;
  for (const record of recordsOf(house, person)) {
    for (const id of house.encountersOfPatient(record)) {
      const other = house.get('encounter', id)!;
      if (other !== encounter && (isRecent(leftEdAt(other)) || isRecent(other.adt?.dischargedAt))) return true;
    }
  }
  return false;
}

const returnRate72h: ValueOf = (c) => {
  let all = 0;
  let returned = 0;
  for (const visit of arrivals(c)) {
    const person = personOf(c.house, visit.encounter);
    if (person === undefined) continue;
    all += 1;
    if (hasReturned(c, person, visit)) returned += 1;
  }
  return share(returned, all, 'no known patient arrived in the window');
};

const ambulanceOffload: SamplesOf = (c) => {
  const durations = new Durations(c);
  for (const run of ambulances(c, c.from)) durations.add(run.arrivedAt, run.offloadedAt);
  return durations.done();
};

export const edValues = {
  'ed.census': census,
  'ed.waiting': waiting,
  'ed.in_treatment': inTreatment,
  'ed.boarders': boarders,
  'ed.occupancy_rate': occupancyRate,
  'ed.lwbs_rate': lwbsRate,
  'ed.return_rate_72h': returnRate72h,
} satisfies Record<string, ValueOf>;

export const edSamples = {
  'ed.registration_to_triage': lasting('arrivedAt', 'triagedAt'),
  'ed.door_to_provider': lasting('arrivedAt', 'providerAt', ofLevel),
  'ed.boarding_time': lasting('admissionDecidedAt', 'departedAt'),
  'ed.length_of_stay': lasting('arrivedAt', 'departedAt'),
  'ed.ambulance_offload': ambulanceOffload,
} satisfies Record<string, SamplesOf>;
