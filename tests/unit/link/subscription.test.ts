import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encoded } from '#core/link/encoded.ts';
import { Shown, type Told } from '#core/link/shown.ts';
import { Subscription } from '#core/link/subscription.ts';
import type { FromCore } from '#shared/link/messages.ts';
import { Page } from '../../fixtures/pages.ts';

const WINDOW = 2;
const key = fc.constantFrom('a', 'b', 'c', 'd');
const PAGES = 3;
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ set: fc.dictionary(key, fc.oneof(fc.nat(9), fc.string())), remove: fc.uniqueArray(key) }) },
  { weight: 3, arbitrary: fc.record({ page: fc.nat(PAGES - 1), ack: fc.integer({ min: -1, max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ link: fc.nat(PAGES - 1), full: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant('forget' as const) },
  { weight: 1, arbitrary: fc.record({ comes: fc.nat(PAGES - 1) }) },
);

/** A page that hears as over a socket: what was encoded for it says what the message says. */
function opened(sub: number, shown: Shown): { page: Page; subscription: Subscription; link: { full: boolean } } {
  const page = new Page();
  const link = { full: false };
  const subscription = new Subscription(sub, shown, (message, told) => {
    const said = JSON.parse(Buffer.concat(encoded(message, told).filter((piece) => piece !== undefined)).toString('utf8')) as FromCore;
    expect(said).toEqual(JSON.parse(JSON.stringify(message)));
    page.receive(said);
  }, () => !link.full);
  subscription.snapshot();
  return { page, subscription, link };
}

test('given pages that come at any time and lag as they like, and links that are full at times, when all have caught up, then each shows the room, was never more than two behind, and missed no revision', () => {
  fc.assert(
    fc.property(fc.dictionary(key, fc.nat(9)), fc.array(step, { maxLength: 80, size: 'max' }), (first, steps) => {
      let time = 1;
      const shown = new Shown(time);
      shown.take({ set: first, remove: [] }, time);
      const pages = Array.from({ length: PAGES }, (_, i) => opened(i, shown));
      const acknowledge = ({ page, subscription }: (typeof pages)[number], revision: number) => {
        page.acknowledged = Math.max(page.acknowledged, Math.min(revision, page.revision));
        subscription.acknowledge(revision);
      };
      for (const next of steps) {
        if (next === 'forget') shown.forget(Math.min(...pages.map(({ subscription }) => subscription.seen)));
        else if ('comes' in next) pages[next.comes] = opened(next.comes, shown);
        else if ('full' in next) {
          const { link, subscription } = pages[next.link]!;
          link.full = next.full;
          if (!next.full) subscription.tell();
        } else if ('ack' in next) acknowledge(pages[next.page]!, next.ack);
        else {
          shown.take({ set: next.set, remove: next.remove.filter((name) => !(name in next.set)) }, ++time);
          for (const { subscription } of pages) subscription.tell();
        }
        for (const { page } of pages) expect(page.outstanding).toBeLessThanOrEqual(WINDOW);
      }
      for (const one of pages) {
        one.link.full = false;
        one.subscription.tell();
        while (one.page.acknowledged < one.page.revision) acknowledge(one, one.page.revision);
        expect(one.page.items).toEqual(JSON.parse(JSON.stringify(shown.items)));
        expect(one.page.eventTime).toBe(time);
      }
    }),
    { numRuns: 500 },
  );
});

test('given a page that acknowledges nothing, when ten changes come and it wakes up, then one patch tells the newest of each', () => {
  const shown = new Shown(1);
  shown.take({ set: { a: 0 }, remove: [] }, 1);
  const { page, subscription } = opened(1, shown);
  for (let i = 1; i <= 10; i++) {
    shown.take({ set: i % 2 ? { a: i } : { b: i }, remove: i === 10 ? ['a'] : [] }, i);
    subscription.tell();
  }
  expect(page.patches).toEqual([['a']]);
  subscription.acknowledge(2);
  expect(page.patches).toEqual([['a'], ['a', 'b']]);
  expect(page).toMatchObject({ revision: 3, items: { b: 10 }, eventTime: 10 });
});

test('given pages that are told much, when it is encoded for each, then all but their own numbers is one buffer', () => {
  const shown = new Shown(1);
  shown.take({ set: { a: 'x'.repeat(100_000) }, remove: [] }, 2);
  const pieces: (readonly [Buffer, Buffer?])[] = [];
  for (const sub of [1, 2]) new Subscription(sub, shown, (message, told) => pieces.push(encoded(message, told)), () => true).snapshot();
  expect(pieces[0]![1]).toBeDefined();
  expect(pieces[0]![1]).toBe(pieces[1]![1]);
});

test('given pages in step, when the room changes, then what they are told is one, also for those that had to wait equally long', () => {
  const shown = new Shown(1);
  const heard: (Told | undefined)[] = [];
  const pages = [1, 2, 3].map((sub) => new Subscription(sub, shown, (_, told) => heard.push(told), () => true));
  for (const page of pages) page.snapshot();
  for (let i = 0; i < 4; i++) {
    shown.take({ set: { a: i }, remove: [] }, i + 2);
    for (const page of pages) page.tell();
  }
  for (const page of pages) page.acknowledge(2);
  expect(heard).toHaveLength(9);
  expect(new Set(heard).size).toBe(3);
});
