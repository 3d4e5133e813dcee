import type { UnitKind } from '#shared/events/fields.ts';
import { openStay } from './adt/place.ts';
import { assign } from './change.ts';
import { departedEdAt, edSince, isInEd } from './ed/presence.ts';
import type { EncounterState } from './states.ts';

/** Where a patient is now. `waiting`: in the emergency department, not yet in a treatment space. */
export interface Whereabouts {
  readonly unit: string;
  readonly bed?: string;
  readonly unitKind?: UnitKind;
  /** Epoch ms. */
  readonly since: number;
  readonly constructed?: true;
  readonly waiting?: true;
}

function inEd(encounter: EncounterState, soleEd: string | undefined): Whereabouts | undefined {
  const { ed } = encounter;
  const unit = ed?.unit ?? soleEd;
  if (!ed || unit === undefined || !isInEd(encounter)) return undefined;
  const since = ed.roomedAt ?? edSince(ed)!;
  return { unit, unitKind: 'ed', since, ...(ed.space === undefined ? {} : { bed: ed.space }), ...(ed.roomedAt === undefined ? { waiting: true } : {}) };
}

function inIcu({ icu, adt }: EncounterState): Whereabouts | undefined {
  if (icu?.admittedAt === undefined || icu.dischargedAt !== undefined || icu.unit === undefined) return undefined;
  const ended = adt?.dischargedAt ?? adt?.cancelledAt;
  if (ended !== undefined && ended >= icu.admittedAt) return undefined;
  return { unit: icu.unit, unitKind: 'icu', since: icu.admittedAt, ...(icu.bed === undefined ? {} : { bed: icu.bed }) };
}

/**
 * The one place where a patient is, or undefined when they are not in the house. The administrative placement decides;
 * a bed that it does not name is taken from the intensive care or emergency system where that speaks of the same unit.
 * `soleEd`: the site's emergency department if it has exactly one, for visits that name none.
 */
export function whereabouts(encounter: EncounterState, soleEd?: string): Whereabouts | undefined {
  const stay = openStay(encounter.adt);
  const emergency = inEd(encounter, soleEd);
  const detail = inIcu(encounter) ?? emergency;
  if (!stay) return detail;
  const leftEd = departedEdAt(encounter);
  if (leftEd !== undefined && leftEd >= stay.from && (stay.unitKind === 'ed' || stay.unit === soleEd)) return undefined;
  const { unit, bed, unitKind, constructed } = stay;
  const place = assign<Whereabouts>({ unit, since: stay.from }, { bed, unitKind, constructed });
  return stay.bed === undefined && detail?.unit === stay.unit ? { ...place, ...detail } : place;
}
