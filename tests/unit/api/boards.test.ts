import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { getEdStatus, getOverview, listBeds } from '#shared/api/boards.ts';
import type { Answered } from '#shared/api/operation.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { isDistribution } from '#shared/metrics/result.ts';
import { boardRoutes } from '#core/api/boards.ts';
import { KeptAnswers, type Kept } from '#core/api/kept-answers.ts';
import type { Problem } from '#core/api/problem.ts';
import { isFolded } from '#core/domain/evolve.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import type { ViewContext } from '#core/views/context.ts';
import { overviewView } from '#core/views/overview/view.ts';
import { at, happened, houseWith } from '../domain/given.ts';
import { contextOf, feed } from '../views/world.ts';

const site = {
  units: [
    { id: '4E', name: '4E Cardio', kind: 'ward' as const, beds: ['1', '2', '10'] },
    { id: 'MICU', name: 'MICU', kind: 'icu' as const, beds: ['1', '2'] },
    { id: 'ED', name: 'ED', kind: 'ed' as const, beds: ['A1'] },
  ],
};
const admitted = (encounter: string, unit: string, bed: string) => happened('08:00', 'adt.admitted', { encounter, patient: { id: `P-${encounter}` }, location: { unit, bed }, class: 'inpatient' });
const house = houseWith(site, admitted('V1', '4E', '2'), admitted('V2', 'MICU', '1'), happened('09:00', 'ed.arrived', { encounter: 'E1', patient: { id: 'P-E1' }, unit: 'ED' }),
  happened('09:30', 'bed.status-changed', { unit: '4E', bed: '10', status: 'blocked', reason: 'EQ' }));

/** Answer of the operation with that id, as it goes out. */
async function answer<T = unknown>(context: ViewContext, id: string, query: Record<string, string> = {}): Promise<T> {
  const { operation, handler } = boardRoutes({ context: () => context }, new KeptAnswers(() => 0)).find((one) => one.operation.id === id)!;
  const kept = (await handler({ params: undefined, query: operation.query?.parse(query), body: undefined } as never, undefined as never)) as Kept;
  return JSON.parse(kept.bytes.toString()) as T;
}
const beds = async (query: Record<string, string>) => {
  const { items, next } = await answer<Answered<typeof listBeds>>(contextOf(house, at('10:00')), 'listBeds', query);
  return { names: items.map(({ unit, bed }) => `${unit}/${bed}`), next, items };
};

describe('every board', () => {
  const everything = [...eventTypes.values()].filter(({ type }) => isFolded(type)).map(({ type, example }) => happened('08:00', type, example));
  const houses = { 'of which nothing is told': houseWith(site), 'with some patients': house, 'to which everything has happened': houseWith(site, ...everything) };
  const ids = boardRoutes({ context: () => contextOf(house, 0) }, new KeptAnswers(() => 0)).map(({ operation }) => [operation.id, operation.answer!] as const);

  it.each(Object.entries(houses).flatMap(([what, one]) => ids.map(([id, schema]) => [id, what, one, schema] as const)))('%s answers of a house %s as described', async (id, _, one, schema: z.ZodType) => {
    const told = schema.safeParse(await answer(contextOf(one, at('10:00')), id));
    expect(told.error?.issues ?? []).toEqual([]);
  });
});

describe('beds', () => {
  it('come with state, since when and reason', async () => {
    expect((await beds({ status: 'blocked' })).items).toEqual([{ unit: '4E', bed: '10', status: 'blocked', since: at('09:30'), reason: 'EQ' }]);
    expect((await beds({ unit: 'MICU' })).names).toEqual(['MICU/1', 'MICU/2']);
    expect((await beds({ unit: 'MICU', status: 'occupied' })).names).toEqual(['MICU/1']);
  });

  it.each([1, 2, 3, 5, 6, 100])('are whole by pages of %i', async (limit) => {
    const all: string[] = [];
    for (let cursor: string | undefined, pages = 0; pages < 10; pages++) {
      const page = await beds({ limit: String(limit), ...(cursor ? { cursor } : {}) });
      expect(page.names.length).toBeLessThanOrEqual(limit);
      all.push(...page.names);
      if ((cursor = page.next) === undefined) break;
    }
    expect(all).toEqual(['4E/1', '4E/10', '4E/2', 'ED/A1', 'MICU/1', 'MICU/2']);
  });

  it('of a unit that is not there, or after a cursor that is none, are refused by name', async () => {
    await expect(beds({ unit: '9Z' })).rejects.toMatchObject({ status: 404, message: expect.stringContaining('9Z') as string } satisfies Partial<Problem>);
    await expect(beds({ cursor: 'what' })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('cursor') as string } satisfies Partial<Problem>);
  });
});

it('the overview has the items of its board', async () => {
  const context = contextOf(house, at('10:00'));
  const items = JSON.parse(JSON.stringify(overviewView.compute(context))) as Record<string, unknown>;
  const { kpis, units, afterDecisions, census } = await answer<Answered<typeof getOverview>>(context, 'getOverview');
  expect([...kpis, ...units]).toEqual(Object.entries(items).flatMap(([key, item]) => (/^(kpi|unit):/.test(key) ? [item] : [])));
  expect([afterDecisions, census]).toEqual([items['after'] ?? null, items['census'] ?? null]);
});

describe('a department', () => {
  it('tells what the metric library answers, and why it does not know', async () => {
    const { metrics } = await answer<Answered<typeof getEdStatus>>(contextOf(house, at('10:00')), 'getEdStatus');
    expect(metrics.find(({ metric }) => metric === 'ed.census')).toMatchObject({ value: 1, unit: 'patients' });
    for (const { metric, figure, value, reason, from, to } of metrics) {
      const result = evaluate(house, { metric, scope: {}, at: at('10:00'), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
      expect([metric, isDistribution(result) ? result[figure as 'p90'] : result.value]).toEqual([metric, value]);
      if (value === null) expect([metric, reason]).toEqual([metric, expect.stringMatching(/\w/)]);
    }
  });

  it('tells how old its sources are, and which are silent', async () => {
    const feeds = [feed('ehr', at('09:59')), feed('ed', at('09:00')), { ...feed('lis'), lastContact: null }];
    const { sources } = await answer<Answered<typeof getEdStatus>>(contextOf(house, at('10:00'), { feeds }), 'getEdStatus');
    expect(sources.map(({ ageSeconds, silent }) => [ageSeconds, silent])).toEqual([[60, false], [3_600, true], [null, true]]);
  });
});
