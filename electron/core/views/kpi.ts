import { definitionOf, evaluate } from '../metrics/evaluate.ts';
import type { FoldedKind } from '../domain/states.ts';
import { once, type Change, type Moment, type ViewContext } from './context.ts';
import { figureOf, metricItem } from './metric-item.ts';
import { inputsOf } from './sources.ts';
import { requestOf, tileId, type Tile } from './tile.ts';
import type { Part } from './view.ts';

/** The tiles of a board whose data exist, in order. */
export type Choice = (moment: Moment) => readonly Tile[];

/** True when the metric now has a value above zero: for counts that are only worth a tile then. */
export const isPositive = (tile: Tile, moment: Moment): boolean => (figureOf(evaluate(moment.house, requestOf(tile, moment)), tile.figure) ?? 0) > 0;

/** True when the metric has a value now. */
export const isKnown = (tile: Tile, moment: Moment): boolean => figureOf(evaluate(moment.house, requestOf(tile, moment)), tile.figure) !== null;

/** Gauges follow what happens; counts, rates and distributions go over a whole day and follow each second. */
const isLive = (tile: Tile, changes: readonly Change[]): boolean => {
  const definition = definitionOf(tile.metric);
  return definition.kind === 'gauge' && changes.some(({ kind }) => inputsOf(definition).kinds.has(kind));
};

/** KPI tiles: items `kpi:<metric>[@scope]`. `gaugesOf`: kinds of entities that the board's gauges are made of. */
export function kpiPart(choose: Choice, gaugesOf: readonly FoldedKind[]): Part {
  const chosen = (context: ViewContext) => new Map(choose(context).map((tile) => [tileId(tile), tile]));
  return {
    prefix: 'kpi:',
    calm: true,
    ids: (context) => once(context, chosen).keys(),
    item: (id, context) => metricItem(once(context, chosen).get(id)!, context),
    touched: (changes, context) => {
      const touched = new Set<string>();
      if (!changes.some(({ kind }) => gaugesOf.includes(kind))) return touched;
      for (const [id, tile] of once(context, chosen)) if (isLive(tile, changes)) touched.add(id);
      return touched;
    },
  };
}
