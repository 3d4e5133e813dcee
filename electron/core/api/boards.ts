import { getEdStatus, getImagingStatus, getLabStatus, getOrStatus, getOverview, getRcmStatus, listBeds, listUnits } from '#shared/api/boards.ts';
import type { Answered, Operation } from '#shared/api/operation.ts';
import type { Items } from '#shared/link/messages.ts';
import type { AfterDecisionsItem, CensusItem, OrDayItem } from '#shared/views/boards.ts';
import { unitIds } from '../domain/units/now.ts';
import { bedsNow, unitsNow, type BedPlace } from '../views/beds.ts';
import type { ViewContext } from '../views/context.ts';
import { departmentNow } from '../views/department.ts';
import { orView } from '../views/or/view.ts';
import { overviewView } from '../views/overview/view.ts';
import { wipNow } from '../views/wip.ts';
import { cursorOf, placeOf } from './cursor.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

type SourceAges = Answered<typeof getOverview>['sources'];

/** Items of a view whose keys begin with `prefix`, in its order. Views hold their own schemas: their tests see to it. */
const part = <T>(items: Items, prefix: string): T[] => Object.entries(items).flatMap(([key, item]) => (key.startsWith(prefix) ? [item as T] : []));

const one = <T>(items: Items, key: string): T | null => (items[key] as T | undefined) ?? null;

function present({ now, feeds }: ViewContext): { at: number; sources: SourceAges } {
  const sources = feeds.map((feed) => {
    const ageSeconds = feed.lastContact === null ? null : Math.max(0, (now - feed.lastContact) / 1000);
    return { ...feed, ageSeconds, silent: ageSeconds === null || ageSeconds > feed.silenceLimitSeconds };
  });
  return { at: now, sources };
}

function overview(context: ViewContext): Answered<typeof getOverview> {
  const items = overviewView.compute(context);
  return {
    ...present(context),
    kpis: part(items, 'kpi:'),
    units: part(items, 'unit:'),
    afterDecisions: one<AfterDecisionsItem>(items, 'after'),
    census: one<CensusItem>(items, 'census'),
    wip: wipNow(context),
  };
}

function orStatus(context: ViewContext): Answered<typeof getOrStatus> {
  const items = orView.compute(context);
  return { ...present(context), kpis: part(items, 'kpi:'), day: one<OrDayItem>(items, 'day'), rooms: part(items, 'room:'), holds: part(items, 'hold:') };
}

/** What boards show, for everyone who asks: computed when it changed, not when it is asked for. */
export function boardRoutes(site: { context(): ViewContext }, kept: KeptAnswers): Route[] {
  const now = <O extends Operation>(operation: O, answer: (context: ViewContext) => Answered<O>) => route(operation, () => kept.of(operation.id, () => answer(site.context())));
  return [
    now(getOverview, overview),
    now(getOrStatus, orStatus),
    now(listUnits, (context) => ({ ...present(context), units: unitsNow(context) })),
    now(getEdStatus, (context) => ({ ...present(context), metrics: departmentNow('ed', context) })),
    now(getLabStatus, (context) => ({ ...present(context), metrics: departmentNow('lab', context) })),
    now(getImagingStatus, (context) => ({ ...present(context), metrics: departmentNow('imaging', context) })),
    now(getRcmStatus, (context) => ({ ...present(context), metrics: departmentNow('rcm', context) })),
    route(listBeds, ({ query: { unit, status, limit, cursor } }) => {
      const after = cursor === undefined ? undefined : placeOf<BedPlace>(cursor, ['string', 'string']);
      return kept.of(JSON.stringify([listBeds.id, unit, status, limit, after]), () => {
        const context = site.context();
        if (unit !== undefined && !unitIds(context.house).includes(unit)) throw new Problem(404, `query unit: there is no unit ${unit}; see /bed-management/units`);
        const { items, next } = bedsNow(context, { unit, status }, limit, after);
        return { ...present(context), items, ...(next ? { next: cursorOf(next) } : {}) };
      });
    }),
  ];
}
