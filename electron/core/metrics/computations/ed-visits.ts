import { edSince, isVoidVisit, leftEdAt } from '../../domain/ed/presence.ts';
import type { EdState } from '../../domain/ed/state.ts';
import type { EncounterState } from '../../domain/states.ts';
import { hasHappened, type Context } from '../context.ts';

export interface Visit {
  readonly ed: EdState;
  readonly encounter: EncounterState;
}

/** Whether a unit is the emergency department of the scope; a visit without unit belongs to the site's only department. */
function inScope({ house, scope }: Context, unit: string | undefined): boolean {
  if (scope.ed === undefined || unit === scope.ed) return true;
  return unit === undefined && house.soleEd === scope.ed;
}

/** Visits to the emergency departments of the scope that took place and were not over before `since` (epoch ms). */
export function* visits(context: Context, since: number): Generator<Visit> {
  for (const encounter of context.house.since('encounter', since)) {
    if (encounter.ed && inScope(context, encounter.ed.unit) && !isVoidVisit(encounter)) yield { ed: encounter.ed, encounter };
  }
}

/** Ambulance runs to them, likewise. */
export function* ambulances(context: Context, since: number) {
  for (const ambulance of context.house.since('ambulance', since)) if (inScope(context, ambulance.unit)) yield ambulance;
}

/** Visits of patients who are in the department at the moment of the question. */
export function present(context: Context): Visit[] {
  const here: Visit[] = [];
  for (const visit of visits(context, context.at)) {
    if (hasHappened(context, edSince(visit.ed)) && !hasHappened(context, leftEdAt(visit.encounter))) here.push(visit);
  }
  return here;
}

/** True when at least one visit of the scope has the field: the feed reports such events. */
export function reports(context: Context, field: keyof EdState): boolean {
  const { house, scope } = context;
  return house.some('encounter', `ed.${field} ${scope.ed}`, ({ ed }) => ed?.[field] !== undefined && inScope(context, ed.unit));
}
