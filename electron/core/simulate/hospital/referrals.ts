import type { UnitKind } from '#shared/events/fields.ts';
import type { Random } from '../engine/random.ts';
import type { Process } from '../engine/simulation.ts';
import type { Bed, BedBoard } from './beds.ts';
import type { Inpatients } from './inpatients.ts';
import { MINUTE } from './time.ts';
import { arrivals, chance, type World } from './world.ts';

/** Patients whom practices and other hospitals send: taken while there is room, which holds a house that runs full at its level. */
export function* referrals(world: World, beds: BedBoard, inpatients: Inpatients): Process {
  const { parameters, levers, calendar, simulation } = world;
  const { directAdmissions, startOccupancy } = parameters.inpatient;
  const { perDay, byHour, byDay } = directAdmissions;
  const random = world.random('referrals');
  const mean = byDay.reduce((sum, weight) => sum + weight, 0) / 7;
  const room = () => Math.min(3, Math.max(0, 1 + 20 * (startOccupancy - beds.occupancy)));
  const rate = () => (perDay * byDay[calendar.weekday(simulation.now) - 1]! * levers.get('admissions.direct') * room()) / mean;
  yield* arrivals(world, random, byHour, perDay * 9, rate, () => simulation.start(referral(world, beds, inpatients, random)));
}

/** Others send who needs the kind of bed that is free here. */
function place({ parameters }: World, beds: BedBoard, random: Random): UnitKind {
  for (const kind of ['icu', 'step_down'] as const) {
    if (beds.occupancyOf(kind) < parameters.inpatient.startOccupancy && chance(0.25, random)) return kind;
  }
  return 'ward';
}

function* referral(world: World, beds: BedBoard, inpatients: Inpatients, random: Random): Process {
  const { simulation } = world;
  const patient = inpatients.patient(chance(0.7, random) ? 'medical' : 'surgical');
  const { units, overflow } = inpatients.places(patient.kind, place(world, beds, random));
  let bed: Bed | undefined;
  yield beds.assign(patient.encounter, units, overflow, 4, (got) => (bed = got));
  yield simulation.wait((20 + 70 * random.next()) * MINUTE);
  inpatients.admit(patient, bed!, chance(0.1, random) ? 'observation' : 'inpatient');
}
