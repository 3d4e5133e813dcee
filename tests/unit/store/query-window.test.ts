import { expect, test } from 'vitest';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import { DATA_METRICS } from '#core/store/data-health.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { queryStore } from '#core/store/query.ts';
import { readHouse, readHouseAt } from '#core/store/read-house.ts';
import { unconfigured } from '#core/store/site-config.ts';
import { hospitalEvent } from '../../fixtures/hospital-stream.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
/** Every 160th place of the stream, so that whole stays fit into few events; spread over `days`. */
const hospital = (days: number) =>
  Array.from({ length: 20 * 400 }, (_, i) => ({ i: (i % 20) * 160 + Math.floor(i / 20) * 3_200, time: START + Math.floor(i / 20) * ((days * DAY) / 400) + i }));

test.each([
  ['a month', 30, DAY],
  ['three busy days', 3, DAY / 24],
])('given %s of a hospital, when a metric is asked of now or of a past moment, then reading only what can matter gives what reading everything gives', (_name, days, length) => {
  const events = hospital(days);
  const { db, ...store } = temporaryStore();
  apply({ db, ...store }, events.map(({ i, time }) => hospitalEvent(i, time)));
  const site = unconfigured(DEFAULT_SITE);
  const newest = events.at(-1)!.time;
  const earlier = newest - Math.round(0.4 * days * DAY);
  for (const [at, house] of [[newest, readHouse(db, site)], [earlier, readHouseAt(db, site, earlier)]] as const) {
    for (const [metric, { kind }] of metricDefinitions) {
      if (DATA_METRICS.has(metric)) continue;
      const window = kind === 'gauge' ? { to: at } : { from: at - length, to: at + 1 };
      expect(queryStore(db, DEFAULT_SITE, { metric, scope: {}, ...window }), metric).toEqual(evaluate(house, { metric, scope: {}, at, ...window }));
    }
  }
});
