import type { AdtState } from '../domain/adt/state.ts';
import { reportsTransferOrders, reportsVentilation } from '../domain/icu/reported.ts';
import type { House } from '../domain/house.ts';
import { cameInAt } from '../domain/or/progress.ts';
import type { EntityStates, FoldedKind } from '../domain/states.ts';
import { perVersion } from '../metrics/per-version.ts';
import { inpatientStays } from '../metrics/places.ts';

// Whether a house has ever told what a number is made of: what was never told has no tile.

let questions = 0;

/** A question whether at least one entity of a kind answers the test. */
function some<K extends FoldedKind>(kind: K, test: (state: EntityStates[K]) => boolean): (house: House) => boolean {
  const name = `seen ${questions++}`;
  return (house) => house.some(kind, name, test);
}

/** Such a question about inpatients. What kind a unit is may be told later, and then tells of its stays. */
function someInpatient(test: (adt: AdtState) => boolean): (house: House) => boolean {
  const name = `seen ${questions++}`;
  return (house) => house.some('encounter', name, ({ adt }) => adt !== undefined && test(adt) && inpatientStays(house, adt).length > 0, house.versionOf('unit'));
}

const bedSpokenOf = some('bed', ({ status }) => status !== undefined && status.value !== 'unknown');
const inpatient = someInpatient(() => true);
/** Someone reports who lies where. */
export const bedsReported = (house: House): boolean => bedSpokenOf(house) || inpatient(house);
export const inpatientDischarge = someInpatient(({ dischargedAt }) => dischargedAt !== undefined);

/** The house has an intensive care unit, by its configuration or its events. */
export const hasIcu = (house: House): boolean => house.site.units.some(({ kind }) => kind === 'icu') || icuSpokenOf(house);
const icuSpokenOf = some('unit', ({ kind }) => kind === 'icu');
export const icuVentilation = some('encounter', (encounter) => reportsVentilation(encounter));
export const stepDownOrder = some('encounter', (encounter) => reportsTransferOrders(encounter));

export const edArrival = some('encounter', ({ ed }) => ed?.arrivedAt !== undefined);
export const edTriage = some('encounter', ({ ed }) => ed?.arrivedAt !== undefined && ed.triagedAt !== undefined);
export const edDeparture = some('encounter', ({ ed }) => ed?.arrivedAt !== undefined && ed.departedAt !== undefined);
export const edDecision = some('encounter', ({ ed }) => ed?.admissionDecidedAt !== undefined);
export const edBoardingEnd = some('encounter', ({ ed }) => ed?.admissionDecidedAt !== undefined && ed.departedAt !== undefined);
export const edRooming = some('encounter', ({ ed }) => ed?.arrivedAt !== undefined && ed.roomedAt !== undefined);
export const edVentilation = some('encounter', ({ ed }) => ed?.ventilated !== undefined);
/** An emergency department has treatment spaces to be full of. */
export const hasTreatmentSpaces = (house: House): boolean => house.site.units.some(({ kind, beds }) => kind === 'ed' && beds.length > 0);

export const labOrder = some('lab-order', ({ orderedAt }) => orderedAt !== undefined);
export const labResult = some('lab-order', ({ collectedAt, results }) => collectedAt !== undefined && results.length > 0);
/** The urgent priority as the laboratory writes it, when a collected specimen of it was reported. */
export const labStat: (house: House) => string | undefined = perVersion((house) => {
  for (const { collectedAt, results } of house.all('lab-order').values()) {
    const stat = collectedAt === undefined ? undefined : results.find(({ priority }) => priority.toUpperCase() === 'STAT');
    if (stat) return stat.priority;
  }
  return undefined;
}, 'lab-order');

export const orRoom = some('or-case', ({ room }) => room !== undefined);
export const orSchedule = some('or-case', ({ scheduledStart }) => scheduledStart !== undefined);
export const orBegin = some('or-case', (orCase) => cameInAt(orCase) !== undefined);
export const orWheelsIn = some('or-case', ({ inRoomAt }) => inRoomAt !== undefined);
export const orStay = some('or-case', ({ inRoomAt, outOfRoomAt }) => inRoomAt !== undefined && outOfRoomAt !== undefined);
export const orEnd = some('or-case', ({ completedAt, outOfRoomAt }) => (completedAt ?? outOfRoomAt) !== undefined);
