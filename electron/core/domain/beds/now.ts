import type { BedItem, BedStatusName } from '#shared/views/bed-item.ts';
import { openStay } from '../adt/place.ts';
import { personOf } from '../adt/surviving-record.ts';
import { boardingSince, isInEd } from '../ed/presence.ts';
import type { House } from '../house.ts';
import { isStepDownReady } from '../icu/transfers.ts';
import type { EncounterState } from '../states.ts';
import type { Whereabouts } from '../whereabouts.ts';
import { occupancyVerdict, saidAt } from './authority.ts';
import type { BedState } from './state.ts';

/** One bed as it is now: what a floor plan draws, and the keys that joins need. Times are epoch ms. */
export interface BedNow extends BedItem {
  /** Who is in it, by encounter; also where the bed system says that they left. */
  encounter?: string;
  contaminated?: true;
  /** A patient is to come: a bed that is free and clean is `assigned`. */
  incoming?: { encounter?: string; since: number; expectedAt?: number };
  expectedUntil?: number;
}

type Base = Pick<BedNow, 'status' | 'since' | 'reason' | 'expectedUntil' | 'cleaningProgress'>;

const MINUTE = 60_000;

/**
 * The state of a bed: occupied if somebody is in it, else blocked, cleaning, dirty, assigned, available or unknown.
 * A dirty bed that is already kept for a patient is dirty with `incoming`, since cleaning comes first.
 * `key` is `unit/bed`, `at` epoch ms (for the progress of a cleaning alone).
 */
export function bedNow(house: House, key: string, at: number): BedNow {
  const bed = house.get('bed', key);
  const occupant = occupantOf(house, key);
  const [unit, label] = bed ? [bed.unit, bed.bed] : splitKey(house, key, occupant?.where);
  const verdict = occupant && occupancyVerdict(bed, occupant.where.since, house.site);
  const incoming = reservationOf(house, key, bed, occupant?.id);
  if (occupant && verdict?.occupied) {
    const now: BedNow = { unit, bed: label, status: 'occupied', since: occupant.where.since, encounter: occupant.id };
    mark(now, bed, occupant.state, occupant.where);
    const conflict = verdict.overruled ?? secondRecord(house, key, occupant);
    if (conflict) now.conflict = conflict;
    if (incoming) now.incoming = incoming;
    return named(now, bed, house);
  }
  const base = emptyBed(house, key, bed, at);
  const now: BedNow = { unit, bed: label, ...base };
  if (incoming) {
    now.incoming = incoming;
    if (base.status === 'available') Object.assign(now, { status: 'assigned', since: incoming.since });
  }
  if (bed?.isolation) now.isolation = 'unspecified';
  if (bed?.contaminated && (base.status === 'dirty' || base.status === 'cleaning')) now.contaminated = true;
  if (occupant) {
    now.encounter = occupant.id;
    now.conflict = { source: 'ehr', says: 'occupied' };
  }
  return named(now, bed, house);
}

/** With what the site calls its status, where the bed's system said it in a word of the site's own. */
function named(now: BedNow, bed: BedState | undefined, { site }: House): BedNow {
  if (bed?.word === undefined) return now;
  const known = site.statuses.bed[bed.word];
  if (known ? known.base === now.status : now.status === 'unknown') Object.assign(now, known ? { label: known.label } : { word: bed.word });
  return now;
}

/** Who is in the bed; where records contradict each other, who came last. */
function occupantOf(house: House, key: string): { id: string; state: EncounterState; where: Whereabouts } | undefined {
  let found: { id: string; where: Whereabouts } | undefined;
  for (const id of house.encountersInBed(key)) {
    const where = house.present().get(id)!;
    const later = !found || where.since > found.where.since || (where.since === found.where.since && id > found.id);
    if (later) found = { id, where };
  }
  return found && { ...found, state: house.get('encounter', found.id)! };
}

/** Whether a bed counts as occupied by this patient: not where it is said that they left, nor where another came since. */
export function isTakenBy(house: House, key: string, encounter: string): boolean {
  const occupant = occupantOf(house, key);
  return occupant?.id === encounter && occupancyVerdict(house.get('bed', key), occupant.where.since, house.site).occupied;
}

/** What another patient's record says who is charted in the same bed; the newest of them. Two stays of one person whose records were merged are no conflict. */
function secondRecord(house: House, key: string, occupant: { id: string; state: EncounterState }): BedNow['conflict'] {
  const person = personOf(house, occupant.state);
  const others = [...house.encountersInBed(key)].filter((id) => id !== occupant.id && (person === undefined || personOf(house, house.get('encounter', id)!) !== person));
  others.sort((a, b) => house.present().get(b)!.since - house.present().get(a)!.since || (a < b ? -1 : 1));
  const other = others[0] === undefined ? undefined : house.get('encounter', others[0]);
  if (!other) return undefined;
  return { source: openStay(other.adt) ? 'ehr' : isInEd(other) ? 'ed' : 'icu', says: 'occupied' };
}

/** Unit and label of a bed that no bed event spoke of; a unit's name may hold a slash. */
function splitKey(house: House, key: string, where: Whereabouts | undefined): readonly [string, string] {
  if (where?.bed !== undefined) return [where.unit, where.bed];
  for (let cut = key.indexOf('/'); cut > 0; cut = key.indexOf('/', cut + 1)) {
    if (house.bedsOfUnit(key.slice(0, cut)).has(key.slice(cut + 1))) return [key.slice(0, cut), key.slice(cut + 1)];
  }
  const cut = key.indexOf('/');
  return [key.slice(0, Math.max(cut, 0)), key.slice(cut + 1)];
}

/** A reservation ends when a patient takes the bed, or when the patient it was made for has left or never came. */
function reservationOf(house: House, key: string, bed: BedState | undefined, occupant: string | undefined): BedNow['incoming'] {
  const reserved = bed?.reserved;
  if (!reserved || (occupant !== undefined && occupant === reserved.encounter)) return undefined;
  if ((house.takenAt(key) ?? -Infinity) >= reserved.since) return undefined;
  const status = reserved.encounter === undefined ? undefined : house.get('encounter', reserved.encounter)?.adt?.status;
  if (status === 'discharged' || status === 'cancelled') return undefined;
  const { source: _, ...incoming } = reserved;
  return incoming;
}

function emptyBed(house: House, key: string, bed: BedState | undefined, at: number): Base {
  if (bed?.blocked) {
    const { reason, since, expectedUntil } = bed.blocked;
    return { status: 'blocked', since, reason, ...(expectedUntil === undefined ? {} : { expectedUntil }) };
  }
  const vacatedAt = house.vacated(key).at(-1);
  if (vacatedAt !== undefined && (!bed?.status || saidAt(bed.status) < vacatedAt)) {
    return { status: house.site.dirtyOnVacate ? 'dirty' : 'available', since: vacatedAt };
  }
  if (!bed?.status) return { status: unspokenOf(house, key), since: null };
  const { value, since } = bed.status;
  return value === 'cleaning' ? { status: value, since, cleaningProgress: progress(bed, at) } : { status: value, since };
}

/** Where no system reports cleaning, a configured bed without a patient is free; elsewhere nobody has said so. */
const unspokenOf = (house: House, key: string): BedStatusName => (!house.site.dirtyOnVacate && house.isConfigured(key) ? 'available' : 'unknown');

function progress({ cleaning }: BedState, at: number): number | null {
  if (cleaning?.startedAt === undefined || !cleaning.expectedMinutes) return null;
  return Math.min(1, Math.max(0, (at - cleaning.startedAt) / (cleaning.expectedMinutes * MINUTE)));
}

function mark(now: BedNow, bed: BedState | undefined, encounter: EncounterState, where: Whereabouts): void {
  const { adt, icu } = encounter;
  const acuity = icu?.acuity ?? adt?.acuity;
  if (acuity !== undefined) now.acuity = acuity;
  const isolation = adt?.isolation ?? (bed?.isolation ? 'unspecified' : undefined);
  if (isolation !== undefined) now.isolation = isolation;
  if (isVentilated(encounter)) now.ventilated = true;
  if (adt?.pendingDischarge) now.leaving = true;
  if (adt?.pendingTransfer || isStepDownReady(encounter)) now.moving = true;
  const waiting = boardingSince(encounter) ?? (where.unitKind === 'pacu' ? adt?.pendingTransfer?.decidedAt : undefined);
  if (waiting !== undefined) now.boardingSince = waiting;
  if (where.constructed) now.constructed = true;
}

/** Ventilated as intensive care says, else as the emergency department says while the patient is there. */
export const isVentilated = (encounter: EncounterState): boolean =>
  encounter.icu?.ventilated ?? (encounter.ed?.ventilated === true && isInEd(encounter));
