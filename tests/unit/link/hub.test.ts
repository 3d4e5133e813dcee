import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { House } from '#core/domain/house.ts';
import { Hub, type Session } from '#core/link/hub.ts';
import type { Change } from '#core/views/context.ts';
import { View } from '#core/views/view.ts';
import { views } from '#core/views/views.ts';
import type { Json } from '#shared/json.ts';
import { LINK_VERSION } from '#shared/link/messages.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { Page } from '../../fixtures/pages.ts';
import { contextOf } from '../views/world.ts';

const HELLO = { t: 'hello', versions: [LINK_VERSION], role: 'wall' };
const site = siteConfigSchema.parse({ tenant: 'local', site: 'main' });

/** A hub over a board of staffed beds, one item a unit; `half` shows the units of the first half of the alphabet only. */
class World {
  readonly house = new House(site);
  time = 0;
  #changes: Change[] = [];
  readonly #shown = new View('staffing', [
    {
      prefix: 'unit:',
      ids: ({ house }, { half }) => [...house.all('unit').keys()].filter((id) => !half || id < 'C'),
      item: (id, { house }) => ({ staffed: house.get('unit', id)!.staffedBeds }),
      touched: (changes) => new Set(changes.map((change) => change.id)),
    },
  ], ['half']);
  readonly hub = new Hub(new Map([...views, ['staffing', this.#shown]]), () => contextOf(this.house, this.time), () => this.time);

  /** A commit: `beds` undefined forgets the unit. */
  commit(id: string, beds: number | undefined): void {
    const before = this.house.get('unit', id);
    const after = beds === undefined ? undefined : ({ staffedBeds: beds } as never);
    this.house.put('unit', id, after);
    this.#changes.push({ kind: 'unit', id, before, after });
    this.time++;
  }

  refresh(): void {
    this.hub.refresh(this.#changes, this.#changes);
    this.#changes = [];
  }

  /** What a page that has just come sees. */
  fresh(params: Record<string, string> = {}) {
    return this.#shown.compute(contextOf(this.house, this.time), params);
  }

  open(): { page: Page; session: Session } {
    const page = new Page();
    const session = this.hub.open((message) => page.receive(JSON.parse(JSON.stringify(message)) as never));
    session.receive(HELLO);
    return { page, session };
  }
}

const PAGES = [{}, {}, { half: 'yes' }] as const;
const who = fc.nat(PAGES.length - 1);
const unit = fc.constantFrom('A', 'B', 'C', 'D');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ commit: unit, beds: fc.option(fc.nat(5), { nil: undefined }) }) },
  { weight: 3, arbitrary: fc.constant('refresh' as const) },
  { weight: 1, arbitrary: fc.constant('recompute' as const) },
  { weight: 3, arbitrary: fc.record({ ack: who, back: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ join: who }) },
  { weight: 1, arbitrary: fc.record({ leave: who }) },
);

test('given pages that come, go and lag while units change, when all have caught up, then each shows what a fresh page would see', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const world = new World();
      const open = new Map<number, { page: Page; session: Session }>();
      const acknowledge = (i: number, revision: number) => {
        const { page, session } = open.get(i)!;
        page.acknowledged = Math.max(page.acknowledged, revision);
        session.receive({ t: 'ack', sub: 1, revision });
      };
      for (const next of steps) {
        if (next === 'refresh') world.refresh();
        else if (next === 'recompute') world.hub.recompute();
        else if ('commit' in next) world.commit(next.commit, next.beds);
        else if ('join' in next) {
          open.get(next.join)?.session.close();
          const opened = world.open();
          open.set(next.join, opened);
          opened.session.receive({ t: 'subscribe', sub: 1, view: 'staffing', params: PAGES[next.join] });
        } else if ('leave' in next) {
          open.get(next.leave)?.session.close();
          open.delete(next.leave);
        } else if (open.has(next.ack)) acknowledge(next.ack, Math.max(0, open.get(next.ack)!.page.revision - next.back));
        for (const { page } of open.values()) expect(page.outstanding).toBeLessThanOrEqual(2);
      }
      expect(world.hub.pages).toBe(open.size);
      world.refresh();
      for (const [i, { page }] of open) {
        while (page.outstanding > 0) acknowledge(i, page.revision);
        expect(page.items).toEqual(world.fresh(PAGES[i]));
        expect(page.eventTime).toBe(world.time);
      }
    }),
    { numRuns: 400 },
  );
});

test('given changes that are committed and not yet painted, when a second page joins, then both pages have them, and the event time they are told is that of what they have', () => {
  const world = new World();
  world.commit('A', 1);
  const first = world.open();
  first.session.receive({ t: 'subscribe', sub: 1, view: 'staffing' });
  world.commit('A', 2);
  const second = world.open();
  second.session.receive({ t: 'subscribe', sub: 1, view: 'staffing' });
  for (const { page } of [first, second]) {
    expect({ items: page.items, eventTime: page.eventTime }).toEqual({ items: { 'unit:A': { staffed: 2 } }, eventTime: 2 });
  }
});

test('given a calm part, when things changed, then pages hear of it with the sums, and of nothing before', () => {
  const house = new House(site);
  const beds = new View('beds', [{ prefix: 'sum', calm: true, ids: () => [''], item: () => ({ units: house.all('unit').size }), touched: () => 'all' as const }]);
  let time = 0;
  const hub = new Hub(new Map([['beds', beds]]), () => contextOf(house, 0), () => time);
  const page = new Page();
  const session = hub.open((message) => page.receive(message as never));
  session.receive(HELLO);
  session.receive({ t: 'subscribe', sub: 1, view: 'beds' });
  const change: Change = { kind: 'unit', id: 'A', before: undefined, after: { staffedBeds: 1 } as never };
  house.put('unit', 'A', change.after as never);
  time = 1;
  hub.refresh([change]);
  expect({ revision: page.revision, items: page.items }).toEqual({ revision: 1, items: { sum: { units: 0 } } });
  hub.refresh([], [change]);
  expect({ revision: page.revision, items: page.items, eventTime: page.eventTime }).toEqual({ revision: 2, items: { sum: { units: 1 } }, eventTime: 1 });
});

test('given one connection with two subscriptions, when one is given up, then the other goes on by its own revisions', () => {
  const world = new World();
  const pages = new Map([[1, new Page()], [2, new Page()]]);
  const session = world.hub.open((message) => 'sub' in message && message.sub !== undefined && pages.get(message.sub)?.receive(message));
  session.receive(HELLO);
  for (const sub of [1, 2]) session.receive({ t: 'subscribe', sub, view: 'staffing' });
  session.receive({ t: 'unsubscribe', sub: 1 });
  world.commit('A', 3);
  world.refresh();
  expect(pages.get(1)).toMatchObject({ revision: 1, items: {} });
  expect(pages.get(2)).toMatchObject({ revision: 2, items: { 'unit:A': { staffed: 3 } } });
});

let deep: unknown = 1;
for (let i = 0; i < 100_000; i++) deep = [deep];

test.each([
  ['nothing', undefined, 'bad-message'],
  ['a text', 'hello', 'bad-message'],
  ['an unknown message', { t: 'dance' }, 'bad-message'],
  ['a subscription without a view', { t: 'subscribe', sub: 1 }, 'bad-message'],
  ['parameters that are no text', { t: 'subscribe', sub: 1, view: 'overview', params: { plan: {} } }, 'bad-message'],
  ['a negative acknowledgement', { t: 'ack', sub: 1, revision: -1 }, 'bad-message'],
  ['a command whose arguments are nested 100,000 deep', { t: 'command', id: 1, name: 'x', args: { deep } }, 'bad-message'],
  ['a view that does not exist', { t: 'subscribe', sub: 1, view: '__proto__' }, 'unknown-view'],
])('given %s, when a page says it, then it is answered and the link goes on', (_what, message, code) => {
  const { page, session } = new World().open();
  session.receive(message);
  expect(page.others.at(-1)).toMatchObject({ t: 'refused', code });
  session.receive({ t: 'subscribe', sub: 2, view: 'frame' });
  expect(page.items).toHaveProperty('frame');
});

test('given a core that still starts, when a page gives a command, then it hears so under its number; later the desk answers, until the page has gone', async () => {
  const world = new World();
  const { page, session } = world.open();
  const told = async (id: number) => {
    session.receive({ t: 'command', id, name: 'explode', args: { at: 1 } });
    await setImmediate();
    return page.others.at(-1);
  };
  expect(await told(5)).toMatchObject({ t: 'result', id: 5, ok: false, error: { code: 'starting' } });
  const closed: string[] = [];
  world.hub.serve((from) => ({ run: async (name, args) => ({ ok: true, value: { name, args: args as Json, from } }), close: () => closed.push(from) }));
  expect(await told(6)).toEqual({ t: 'result', id: 6, ok: true, value: { name: 'explode', args: { at: 1 }, from: '127.0.0.1' } });
  const late = told(7);
  session.close();
  await late;
  expect(page.others.at(-1)).toMatchObject({ id: 6 });
  expect(closed).toEqual(['127.0.0.1']);
});

test.each([
  ['another version', [{ ...HELLO, versions: [LINK_VERSION + 1] }]],
  ['no greeting', []],
])('given a page with %s, when it subscribes, then it is refused and told nothing', (_what, first) => {
  const page = new Page();
  const session = new World().hub.open((message) => page.receive(message));
  for (const message of [...first, { t: 'subscribe', sub: 1, view: 'frame' }]) session.receive(message);
  expect(page.items).toEqual({});
  expect(page.others.at(-1)).toMatchObject({ t: 'refused', sub: 1, code: 'version' });
});

test('given a view that fails, when it is computed, then its page is told and emptied of it, the other boards go on, and it can come back', () => {
  const house = new House(site);
  const told: string[] = [];
  let broken = false;
  const fragile = new View('fragile', [{ prefix: '', ids: () => ['a'], item: () => { if (broken) throw new Error('cannot'); return { n: 1 }; }, touched: () => 'all' }]);
  let time = 0;
  const hub = new Hub(new Map([...views, ['fragile', fragile]]), () => contextOf(house, ++time), () => time, (line) => told.push(line));
  const heard: { t: string; sub?: number; code?: string }[] = [];
  const session = hub.open((message) => heard.push(message as never));
  session.receive(HELLO);
  session.receive({ t: 'subscribe', sub: 1, view: 'fragile' });
  session.receive({ t: 'subscribe', sub: 2, view: 'frame' });
  broken = true;
  hub.recompute();
  expect(heard.find(({ t }) => t === 'refused')).toMatchObject({ sub: 1, code: 'view-failed' });
  expect(told.join()).toContain('cannot');
  expect(heard.at(-1)).toMatchObject({ t: 'patch', sub: 2 });
  session.receive({ t: 'subscribe', sub: 3, view: 'fragile' });
  expect(heard.at(-1)).toMatchObject({ t: 'refused', sub: 3 });
  broken = false;
  session.receive({ t: 'subscribe', sub: 4, view: 'fragile' });
  expect(heard.at(-1)).toMatchObject({ t: 'snapshot', sub: 4, items: { a: { n: 1 } } });
});

test('given a page that asks for ever more views, then it gets a bounded number', () => {
  const world = new World();
  const session = world.hub.open(() => {});
  session.receive(HELLO);
  for (let sub = 0; sub < 100; sub++) session.receive({ t: 'subscribe', sub, view: 'staffing', params: { half: String(sub) } });
  expect(world.hub.pages).toBe(16);
});
