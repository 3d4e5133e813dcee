import type { StatusLabels } from '#shared/views/bed-item.ts';
import { shownBy } from '../shown-by.ts';
import type { Part } from '../view.ts';
import { planOf } from './plan.ts';

/** Item `statuses`: what the site calls states of its beds, by the state that each is one of. */
export const statusPart: Part = {
  prefix: 'statuses',
  ids: (context, params) => (planOf(context, params) && Object.keys(context.house.site.statuses.bed).length > 0 ? [''] : []),
  item: (_, { house }): StatusLabels => {
    const labels: { -readonly [K in keyof StatusLabels]: string[] } = {};
    for (const { base, label } of Object.values(house.site.statuses.bed)) if (!labels[base]?.includes(label)) (labels[base] ??= []).push(label);
    return labels;
  },
  touched: shownBy(),
};
