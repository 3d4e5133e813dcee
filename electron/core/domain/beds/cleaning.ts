import { assign, without } from '../change.ts';
import type { BedState } from './state.ts';

type Cycle = NonNullable<BedState['cleaning']>;
type Step = keyof Omit<Cycle, 'expectedMinutes' | 'completedAt'>;

/** The cycle that is under way; a completed one is history. */
export const openCycle = (bed: BedState): Cycle | undefined => (bed.cleaning && bed.cleaning.completedAt === undefined ? bed.cleaning : undefined);

/** First sign that a cycle began, epoch ms; undefined for a cycle of which only the end was seen. */
export function cycleStart(cycle: Cycle | undefined): number | undefined {
  const signs = [cycle?.dirtyAt, cycle?.requestedAt, cycle?.startedAt].filter((sign) => sign !== undefined);
  return signs.length > 0 ? Math.min(...signs) : undefined;
}

/** Notes a step of the cycle, and begins one if none is under way. The first report of a step counts. */
export function cycleStep(bed: BedState, step: Step, time: number, expectedMinutes?: number): BedState {
  const cycle = openCycle(bed) ?? {};
  return { ...bed, cleaning: assign<Cycle>({ ...cycle, [step]: cycle[step] ?? time }, { expectedMinutes }) };
}

/** Ends the cycle under way; a second report of the end changes nothing. */
export function cycleCompleted(bed: BedState, time: number): BedState {
  if (bed.cleaning?.completedAt !== undefined) return bed;
  const requested = bed.cleaning?.requestedAt;
  const from = requested ?? cycleStart(bed.cleaning) ?? time;
  return {
    ...bed,
    cleaning: { ...bed.cleaning, completedAt: time },
    cleanings: [...bed.cleanings, { from, to: time, requested: requested !== undefined }],
  };
}

/** Somebody is in the bed: a cycle that nobody finished is void. */
export const cycleDropped = (bed: BedState): BedState => (openCycle(bed) ? without(bed, 'cleaning') : bed);
