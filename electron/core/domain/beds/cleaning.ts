import { assign, without } from '../change.ts';
import { remembered } from './history.ts';
import type { BedState } from './state.ts';

type Cycle = NonNullable<BedState['cleaning']>;
type Step = keyof Omit<Cycle, 'expectedMinutes' | 'completedAt'>;

/** A bed that is dirty or being cleaned again so soon was not clean: no patient comes and goes in between. */
const PREMATURE_MS = 15 * 60_000;

/** The cycle that is under way; a completed one is history. */
export const openCycle = (bed: BedState): Cycle | undefined => (bed.cleaning && bed.cleaning.completedAt === undefined ? bed.cleaning : undefined);

/** First sign that a cycle began, epoch ms; undefined for a cycle of which only the end was seen. */
export function cycleStart(cycle: Cycle | undefined): number | undefined {
  const signs = [cycle?.dirtyAt, cycle?.requestedAt, cycle?.startedAt].filter((sign) => sign !== undefined);
  return signs.length > 0 ? Math.min(...signs) : undefined;
}

/** Notes a step of the cycle, and begins one if none is under way. The first report of a step counts. */
export function cycleStep(bed: BedState, step: Step, time: number, expectedMinutes?: number): BedState {
  const going = reopened(bed, time);
  const cycle = openCycle(going) ?? {};
  return { ...going, cleaning: assign<Cycle>({ ...cycle, [step]: cycle[step] ?? time }, { expectedMinutes }) };
}

/** Takes back the end of a cycle that was premature; what was measured with it goes too. */
function reopened(bed: BedState, time: number): BedState {
  const { cleaning, status } = bed;
  if (cleaning?.completedAt === undefined || time - cleaning.completedAt > PREMATURE_MS || status?.value === 'occupied') return bed;
  return { ...bed, cleaning: without(cleaning, 'completedAt'), cleanings: bed.cleanings.slice(0, -1) };
}

/**
 * Ends the cycle under way. Where none is, the end is told again, or of another cleaning of which nothing else was seen;
 * only whether a patient left in between can tell, so it is kept without a beginning.
 */
export function cycleCompleted(bed: BedState, time: number): BedState {
  const before = bed.cleaning?.completedAt;
  if (before !== undefined) return time - before <= PREMATURE_MS ? bed : remembered({ ...bed, cleanings: [...bed.cleanings, { from: time, to: time, requested: false }] }, time);
  const requested = bed.cleaning?.requestedAt;
  const from = requested ?? cycleStart(bed.cleaning) ?? time;
  const done: BedState = {
    ...bed,
    cleaning: { ...bed.cleaning, completedAt: time },
    cleanings: [...bed.cleanings, { from, to: time, requested: requested !== undefined }],
  };
  return remembered(done, time);
}

/** Somebody is in the bed: a cycle that nobody finished is void. */
export const cycleDropped = (bed: BedState): BedState => (openCycle(bed) ? without(bed, 'cleaning') : bed);
