import type { EdState } from '../../domain/ed/state.ts';
import type { EncounterState } from '../../domain/states.ts';
import { hasHappened, type Context } from '../context.ts';
import { inpatientStays } from '../places.ts';

export interface Visit {
  readonly ed: EdState;
  readonly encounter: EncounterState;
}

/** Whether a unit is the emergency department of the scope; a visit without unit belongs to the site's only department. */
function inScope({ house, scope }: Context, unit: string | undefined): boolean {
  if (scope.ed === undefined || unit === scope.ed) return true;
  if (unit !== undefined) return false;
  const departments = house.site.units.filter((u) => u.kind === 'ed');
  return departments.length === 1 && departments[0]!.id === scope.ed;
}

/** Visits to the emergency departments of the scope, past and present. */
export function* visits(context: Context): Generator<Visit> {
  for (const encounter of context.house.all('encounter').values()) {
    if (encounter.ed && inScope(context, encounter.ed.unit)) yield { ed: encounter.ed, encounter };
  }
}

export function* ambulances(context: Context) {
  for (const ambulance of context.house.all('ambulance').values()) if (inScope(context, ambulance.unit)) yield ambulance;
}

/**
 * When the patient stopped being in the department, epoch ms: departed or left; else placed in an inpatient bed or discharged
 * after arrival, as nobody is in two places.
 */
export function leftAt(context: Context, { ed, encounter: { adt } }: Visit): number | undefined {
  const said = ed.departedAt ?? ed.leftWithoutBeingSeenAt;
  if (said !== undefined || !adt) return said;
  const arrived = ed.arrivedAt ?? -Infinity;
  const placed = inpatientStays(context.house, adt).find((stay) => stay.from >= arrived)?.from;
  const gone = adt.dischargedAt !== undefined && adt.dischargedAt >= arrived ? adt.dischargedAt : undefined;
  return placed === undefined ? gone : Math.min(placed, gone ?? Infinity);
}

/** Visits of patients who are in the department at the moment of the question. */
export function present(context: Context): Visit[] {
  const here: Visit[] = [];
  for (const visit of visits(context)) {
    if (hasHappened(context, visit.ed.arrivedAt) && !hasHappened(context, leftAt(context, visit))) here.push(visit);
  }
  return here;
}

/** True when at least one visit of the scope has the field: the feed reports such events. */
export function reports(context: Context, field: keyof EdState): boolean {
  for (const { ed } of visits(context)) if (ed[field] !== undefined) return true;
  return false;
}
