import type { HoldItem } from '#shared/views/boards.ts';
import type { Scope, Severity } from '#shared/metrics/result.ts';
import { evaluate } from '../../metrics/evaluate.ts';
import { holdsBed } from '../../domain/units/holds.ts';
import { kindOfUnit } from '../../domain/units/kind.ts';
import { once, type Moment, type ViewContext } from '../context.ts';
import { figureOf } from '../metric-item.ts';
import { shownBy } from '../shown-by.ts';
import type { Part } from '../view.ts';
import { boardCases, prediction, type BoardCase } from './cases.ts';

type Hold = NonNullable<BoardCase['hold']>;
/** A bed that is not there one hour before it is needed takes a decision now. Common practice. */
const SOON = 60 * 60_000;

const answers = (hold: Hold, unit: string, kind: string | undefined) => (hold.unit === undefined ? kind === hold.unitKind : unit === hold.unit);

function isReserved(c: BoardCase, hold: Hold, { house }: Moment): boolean {
  if (c.encounter === undefined) return false;
  for (const { unit, reserved } of house.all('bed').values()) {
    if (reserved?.encounter === c.encounter && answers(hold, unit, kindOfUnit(house, unit))) return true;
  }
  return false;
}

/** A free bed of the kind exists; unknown counts as none, as nobody could promise one. */
function isAvailable({ unit, unitKind }: Hold, { house, now }: Moment): boolean {
  const scope: Scope = unit === undefined ? { unit_kind: unitKind } : { unit };
  return (figureOf(evaluate(house, { metric: 'beds.available', scope, at: now }), 'value') ?? 0) > 0;
}

function holdItem(c: BoardCase, moment: Moment): HoldItem {
  const hold = c.hold!;
  const state = isReserved(c, hold, moment) ? 'held' : isAvailable(hold, moment) ? 'requested' : 'no-bed';
  const neededAt = hold.neededAt ?? prediction(c.room, moment)?.cases.find(({ id }) => id === c.id)?.end ?? null;
  const soon = neededAt !== null && neededAt - moment.now <= SOON;
  const severity: Record<HoldItem['state'], Severity> = { held: 'normal', requested: soon ? 'warn' : 'normal', 'no-bed': soon ? 'crit' : 'warn' };
  return { room: c.room, unitKind: hold.unitKind, unit: hold.unit ?? null, neededAt, state, severity: severity[state] };
}

const open = (context: ViewContext): ReadonlyMap<string, BoardCase> =>
  new Map(
    [...boardCases(context).values()].flat()
      .filter((c) => holdsBed(context.house, c))
      .map((c) => [`${c.room}/${c.number}`, c]),
  );

/** Items `hold:<case key>`: beds wanted for patients of today's cases. */
export const holdPart: Part = {
  prefix: 'hold:',
  ids: (context) => once(context, open).keys(),
  item: (id, context) => holdItem(once(context, open).get(id)!, context),
  touched: shownBy('or-case', 'bed', 'encounter', 'unit'),
};
