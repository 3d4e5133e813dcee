import { severity } from '#shared/metrics/severity.ts';
import type { BedItem } from '#shared/views/bed-item.ts';
import { bedKey } from '#shared/events/types/bed.ts';
import { bedNow } from '../../domain/beds/now.ts';
import { definitionOf } from '../../metrics/evaluate.ts';
import type { ViewContext } from '../context.ts';
import { touchedBy } from '../touched.ts';
import type { Part } from '../view.ts';
import { planOf } from './plan.ts';

const MINUTE = 60_000;

/** What may stand on a wall of a bed: field by field, so that no join key can slip through. */
export function bedItem(key: string, { house, now }: ViewContext): BedItem {
  const bed = bedNow(house, key, now);
  const item: BedItem = { unit: bed.unit, bed: bed.bed, status: bed.status, since: bed.since };
  if (bed.acuity !== undefined) item.acuity = bed.acuity;
  if (bed.isolation !== undefined) item.isolation = bed.isolation;
  if (bed.ventilated) item.ventilated = true;
  if (bed.leaving) item.leaving = true;
  if (bed.moving) item.moving = true;
  if (bed.boardingSince !== undefined) {
    item.boardingSince = bed.boardingSince;
    item.boardingSeverity = severity(definitionOf('ed.boarding_time'), {}, (now - bed.boardingSince) / MINUTE, house.site);
  }
  if (bed.cleaningProgress !== undefined) item.cleaningProgress = bed.cleaningProgress;
  if (bed.reason !== undefined) item.reason = bed.reason;
  if (bed.label !== undefined) item.label = bed.label;
  if (bed.word !== undefined) item.word = bed.word;
  if (bed.conflict) item.conflict = bed.conflict;
  if (bed.constructed) item.constructed = true;
  return item;
}

/** Items `bed:<unit>/<bed>`: the beds that the plan draws. */
export const bedPart: Part = {
  prefix: 'bed:',
  ids: (context, params) => (planOf(context, params)?.units ?? []).flatMap(({ unit, beds }) => beds.map(({ bed }) => bedKey({ unit, bed }))),
  item: bedItem,
  touched: (changes, context) => touchedBy(changes, context.house).beds,
};
