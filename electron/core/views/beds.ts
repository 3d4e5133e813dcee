import type { BedItem, BedStatusName } from '#shared/views/bed-item.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import { bedKey } from '#shared/events/types/bed.ts';
import { unitIds } from '../domain/units/now.ts';
import type { ViewContext } from './context.ts';
import { bedItem } from './floorplan/beds.ts';
import { cardItem } from './floorplan/units.ts';

export interface BedFilter {
  readonly unit?: string | undefined;
  readonly status?: BedStatusName | undefined;
}

/** Where a list of beds stands: after this bed. */
export type BedPlace = readonly [unit: string, bed: string];

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The beds of the house that pass, by unit and label; at most `limit` of those after `after`. Plans do not matter: each bed that is known. */
export function bedsNow(context: ViewContext, { unit, status }: BedFilter, limit: number, after?: BedPlace): { items: BedItem[]; next: BedPlace | undefined } {
  const { house } = context;
  const items: BedItem[] = [];
  const units = unit === undefined ? unitIds(house).sort(order) : [unit];
  for (const one of units) {
    if (after && order(one, after[0]) < 0) continue;
    for (const bed of [...house.bedsOfUnit(one)].sort(order)) {
      if (after && one === after[0] && order(bed, after[1]) <= 0) continue;
      const item = bedItem(bedKey({ unit: one, bed }), context);
      if (status !== undefined && item.status !== status) continue;
      if (items.length === limit) return { items, next: [items.at(-1)!.unit, items.at(-1)!.bed] };
      items.push(item);
    }
  }
  return { items, next: undefined };
}

/** The card of each unit of the house. */
export const unitsNow = (context: ViewContext): UnitCardItem[] => unitIds(context.house).map((unit) => cardItem(unit, context, {}));
