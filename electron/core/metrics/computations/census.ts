import { DAY, Durations } from '../durations.ts';
import { inWindow, known, share, unknown, type Context, type SamplesOf, type Value, type ValueOf } from '../context.ts';
import { stayAt } from '../../domain/adt/place.ts';
import { kindOfUnit } from '../../domain/units/kind.ts';
import { inpatientStays, stayInScope } from '../places.ts';
import { siteDays } from '../days.ts';
import type { Scope } from '#shared/metrics/result.ts';
import type { AdtState, Stay } from '../../domain/adt/state.ts';
import type { EncounterState } from '../../domain/states.ts';

const STRANDED_AFTER = 7 * DAY;

interface Inpatient {
  readonly adt: AdtState;
  /** Inpatient placements in order, at least one. */
  readonly stays: readonly Stay[];
}

/** Encounters with an inpatient placement that were not over before `since` (epoch ms). */
function* inpatients({ house }: Context, since: number): Generator<Inpatient> {
  for (const { adt } of house.since('encounter', since)) {
    const stays = adt ? inpatientStays(house, adt) : [];
    if (adt && stays.length > 0) yield { adt, stays };
  }
}

/** Whether an inpatient placement in the scope was ever reported. What kind a unit is may be told later. */
const isReported = ({ house }: Context, scope: Scope): boolean =>
  house.some(
    'encounter', `inpatient ${scope.unit}/${scope.unit_kind}`,
    ({ adt }) => adt !== undefined && inpatientStays(house, adt).some((stay) => stayInScope(house, stay, scope)),
    house.versionOf('unit'),
  );

/** Why the scope cannot be answered at all, if so: no inpatient has been seen, or nobody knows such a unit. */
function blind(context: Context): string | undefined {
  const { house, scope } = context;
  if (!isReported(context, {})) return 'no inpatient placement has been reported';
  const configured = house.site.units.some((u) => (scope.unit ?? u.id) === u.id && (scope.unit_kind ?? u.kind) === u.kind);
  const everywhere = scope.unit === undefined && scope.unit_kind === undefined;
  if (everywhere || configured || isReported(context, scope)) return undefined;
  if (scope.unit !== undefined && kindOfUnit(house, scope.unit) === undefined) return `unit ${scope.unit} is not known`;
  return `no placement in ${Object.entries(scope).map(([k, v]) => `${k} ${v}`).join(', ')} has been reported`;
}

/** Sum over inpatients of the window; `count` looks at nothing but the encounter, the kinds of units, and the window. */
function sum(context: Context, count: (adt: AdtState, stays: readonly Stay[]) => number, what = ''): number {
  const { house, definition, scope } = context;
  const weigh = ({ adt }: EncounterState) => {
    const stays = adt ? inpatientStays(house, adt) : [];
    return adt && stays.length > 0 ? count(adt, stays) : 0;
  };
  return house.sumSince('encounter', context, `${definition.id}${what} ${scope.unit}/${scope.unit_kind}`, weigh, house.versionOf('unit'));
}

function counted(context: Context, count: (adt: AdtState, stays: readonly Stay[]) => number): Value {
  const reason = blind(context);
  return reason === undefined ? known(sum(context, count)) : unknown(reason);
}

/** Placements after the first one that fall in the window, with the place before them. */
const moves = (context: Context, stays: readonly Stay[]) =>
  stays.flatMap((to, i) => (i > 0 && inWindow(context, to.from) ? [{ from: stays[i - 1]!, to }] : []));

const dischargedInScope = (context: Context, adt: AdtState, stays: readonly Stay[]) =>
  inWindow(context, adt.dischargedAt) && stayInScope(context.house, stays.at(-1), context.scope);

/** When the first inpatient placement became one: on arrival, or on admission in the same bed. */
const admissionAt = ({ admittedAt }: AdtState, first: Stay) =>
  admittedAt !== undefined && admittedAt >= first.from && admittedAt < (first.to ?? Infinity) ? admittedAt : first.from;

const admissions: ValueOf = (c) =>
  counted(c, (adt, [first]) => (inWindow(c, admissionAt(adt, first!)) && stayInScope(c.house, first, c.scope) ? 1 : 0));

const discharges: ValueOf = (c) => counted(c, (adt, stays) => (dischargedInScope(c, adt, stays) ? 1 : 0));

const transfersIn: ValueOf = (c) => counted(c, (_, stays) => moves(c, stays).filter(({ to }) => stayInScope(c.house, to, c.scope)).length);

const transfersOut: ValueOf = (c) => counted(c, (_, stays) => moves(c, stays).filter(({ from }) => stayInScope(c.house, from, c.scope)).length);

const losDays: SamplesOf = (c) => {
  const durations = new Durations(c, DAY);
  for (const { adt, stays } of inpatients(c, c.from)) {
    if (stayInScope(c.house, stays.at(-1), c.scope)) durations.add(admissionAt(adt, stays[0]!), adt.dischargedAt);
  }
  return durations.done();
};

const stranded: ValueOf = (c) => {
  const reason = blind(c);
  if (reason !== undefined) return unknown(reason);
  let count = 0;
  for (const { adt, stays } of inpatients(c, c.at)) {
    const here = stayAt(adt, c.at);
    if (here !== undefined && c.at - admissionAt(adt, stays[0]!) > STRANDED_AFTER && stayInScope(c.house, here, c.scope)) count++;
  }
  return known(count);
};

const dischargedBeforeNoon: ValueOf = (c) => {
  const days = siteDays(c.house.site.timezone);
  const isEarly = ({ dischargedAt }: AdtState) => dischargedAt! < days.at(days.dayOf(dischargedAt!), '12:00');
  const all = sum(c, (adt, stays) => (dischargedInScope(c, adt, stays) ? 1 : 0), ' all');
  const early = sum(c, (adt, stays) => (dischargedInScope(c, adt, stays) && isEarly(adt) ? 1 : 0), ' early');
  return share(early, all, blind(c) ?? 'no inpatient was discharged in the window');
};

export const censusValues = {
  'census.admissions': admissions,
  'census.discharges': discharges,
  'census.transfers_in': transfersIn,
  'census.transfers_out': transfersOut,
  'census.stranded': stranded,
  'census.discharged_before_noon_rate': dischargedBeforeNoon,
} satisfies Record<string, ValueOf>;

export const censusSamples = { 'census.los_days': losDays } satisfies Record<string, SamplesOf>;
