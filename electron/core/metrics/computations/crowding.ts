import { hasHappened, known, unknown, type Context, type Value, type ValueOf } from '../context.ts';
import { DAY, HOUR } from '../durations.ts';
import { edwin as edwinOf } from '../formulas/edwin.ts';
import { nedocs as nedocsOf } from '../formulas/nedocs.ts';
import { bedGauges } from './beds.ts';
import { boarders, edValues, treatmentSpaces } from './ed.ts';
import { present, reports, visits } from './ed-visits.ts';

/** EDWIN's busy line 1.5 comes to lie on the index's warn line 0.5. */
const EDWIN_TO_INDEX = 3;

const hospitalBeds: ValueOf = (c) => bedGauges['beds.staffed']({ ...c, scope: {} });

const ventilated: ValueOf = (c) =>
  reports(c, 'ventilated')
    ? known(present(c).filter(({ ed }) => ed.ventilated).length)
    : unknown('no ed.ventilator-status-changed event has been reported');

const longestBoarderWaitHours: ValueOf = (c) => {
  const known_ = boarders(c);
  if (known_.value === null) return known_;
  const waits = present(c).flatMap(({ ed }) => (hasHappened(c, ed.admissionDecidedAt) ? [(c.at - ed.admissionDecidedAt) / HOUR] : []));
  return known(Math.max(0, ...waits));
};

interface Rooming {
  readonly roomedAt: number;
  readonly wait: number;
}

/** The last patient who got a treatment space, of the visits that were not over before `since`; of two at once, who waited longer. */
function lastRoomed(c: Context, since: number): Rooming | undefined {
  let last: Rooming | undefined;
  for (const { ed } of visits(c, since)) {
    if (ed.arrivedAt === undefined || !hasHappened(c, ed.roomedAt) || ed.roomedAt < ed.arrivedAt) continue;
    const wait = (ed.roomedAt - ed.arrivedAt) / HOUR;
    if (!last || ed.roomedAt > last.roomedAt || (ed.roomedAt === last.roomedAt && wait > last.wait)) last = { roomedAt: ed.roomedAt, wait };
  }
  return last !== undefined && last.roomedAt >= since ? last : undefined;
}

/** Wait from arrival to treatment space of the patient who got one last. */
const lastRoomedWaitHours: ValueOf = (c) => {
  const last = lastRoomed(c, c.at - 2 * HOUR) ?? lastRoomed(c, c.at - DAY) ?? lastRoomed(c, -Infinity);
  return last ? known(last.wait) : unknown('no ed.roomed event has been reported');
};

/** All inputs, or one unknown that names every input that is missing. */
function gather<K extends string>(c: Context, inputs: Record<K, ValueOf>): { values: Record<K, number> } | { missing: Value } {
  const answers = Object.entries<ValueOf>(inputs).map(([name, of]) => [name, of(c)] as const);
  const missing = answers.filter(([, { value }]) => value === null);
  if (missing.length > 0) return { missing: unknown([...new Set(missing.map(([, { reason }]) => reason))].join('; ')) };
  return { values: Object.fromEntries(answers.map(([name, { value }]) => [name, value])) as Record<K, number> };
}

const nedocs: ValueOf = (c) => {
  const inputs = gather(c, {
    edPatients: edValues['ed.census'],
    edBeds: treatmentSpaces,
    hospitalBeds,
    boarders,
    ventilated,
    longestBoarderWaitHours,
    lastRoomedWaitHours,
  });
  if ('missing' in inputs) return inputs.missing;
  return inputs.values.hospitalBeds > 0 ? known(nedocsOf(inputs.values)) : unknown('no staffed hospital beds');
};

const edwin: ValueOf = (c) => {
  const attendings = c.house.site.attendingPhysiciansInEd;
  const inputs = gather(c, {
    treatmentBays: treatmentSpaces,
    boarders,
    attendings: () => (attendings === undefined ? unknown('attending physicians are not configured (site.attendingPhysiciansInEd)') : known(attendings)),
    triaged: () => (reports(c, 'level') ? known(1) : unknown('no triage level has been reported')),
  });
  if ('missing' in inputs) return inputs.missing;
  const patientsByLevel = [0, 0, 0, 0, 0];
  for (const { ed } of present(c)) if (ed.level !== undefined && hasHappened(c, ed.triagedAt)) patientsByLevel[ed.level - 1]! += 1;
  const index = edwinOf({ ...inputs.values, patientsByLevel });
  return index === null ? unknown('no attending physician, or boarders take every treatment space') : known(index);
};

const crowdingIndex: ValueOf = (c) => {
  const [of, divisor] = c.house.site.crowdingIndex === 'edwin' ? [edwin, EDWIN_TO_INDEX] : [nedocs, 200];
  const score = of(c);
  return score.value === null ? score : known(score.value / divisor);
};

export const crowdingValues = {
  'ed.nedocs': nedocs,
  'ed.edwin': edwin,
  'ed.crowding_index': crowdingIndex,
} satisfies Record<string, ValueOf>;
