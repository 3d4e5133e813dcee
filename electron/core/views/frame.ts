import type { FrameItem } from '#shared/views/frame.ts';
import { evaluate } from '../metrics/evaluate.ts';
import { isInpatientKind } from '../metrics/places.ts';
import type { ViewContext } from './context.ts';
import { figureOf } from './metric-item.ts';
import { shownBy } from './shown-by.ts';
import { View, type Part } from './view.ts';

/** Staffed beds of the hospital; while they are not all known, the beds that the site configures. */
function bedsOf({ house, now }: ViewContext): number {
  const staffed = figureOf(evaluate(house, { metric: 'beds.staffed', scope: {}, at: now }), 'value');
  return staffed ?? house.site.units.filter(({ kind }) => isInpatientKind(kind)).reduce((sum, { beds }) => sum + beds.length, 0);
}

function frameItem(context: ViewContext): FrameItem {
  const { site } = context.house;
  return {
    site: site.site,
    title: site.title,
    timezone: site.timezone,
    beds: bedsOf(context),
    clock: context.clock,
    constructed: context.constructed,
    privacy: 'no-phi',
    broker: context.broker,
    deadLetters: context.deadLetters,
    ...(context.troubles?.length ? { troubles: [...context.troubles] } : {}),
  };
}

const framePart: Part = {
  prefix: 'frame',
  calm: true,
  ids: () => [''],
  item: (_, context) => frameItem(context),
  touched: shownBy(),
};

/** Contacts come with almost every event; ages are shown in seconds, so once a second is often enough. */
const feedPart: Part = {
  prefix: 'feed:',
  calm: true,
  ids: (context) => context.feeds.map(({ source }) => source),
  item: (id, context) => context.feeds.find(({ source }) => source === id)!,
  touched: shownBy(),
};

/** View `frame`: header and footer of every screen. */
export const frameView = new View('frame', [framePart, feedPart]);
