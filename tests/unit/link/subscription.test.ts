import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Subscription } from '#core/link/subscription.ts';
import { applied } from '#core/views/view.ts';
import type { Items } from '#shared/link/messages.ts';
import { Page } from '../../fixtures/pages.ts';

const WINDOW = 2;
const key = fc.constantFrom('a', 'b', 'c', 'd');
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ set: fc.dictionary(key, fc.nat(9)), remove: fc.uniqueArray(key) }) },
  { weight: 2, arbitrary: fc.record({ ack: fc.integer({ min: -1, max: 40 }) }) },
);

test('given any course of patches and acknowledgements, when the page has caught up, then it shows the room, was never more than two behind, and missed no revision', () => {
  fc.assert(
    fc.property(fc.dictionary(key, fc.nat(9)), fc.array(step, { maxLength: 60, size: 'max' }), (first, steps) => {
      let room: Items = first;
      let time = 1;
      const page = new Page();
      const subscription = new Subscription(7, (message) => page.receive(message));
      const acknowledge = (revision: number) => {
        page.acknowledged = Math.max(page.acknowledged, Math.min(revision, page.revision));
        subscription.acknowledge(revision);
      };
      subscription.snapshot(room, time);
      for (const next of steps) {
        if ('ack' in next) acknowledge(next.ack);
        else {
          const patch = { set: next.set, remove: next.remove.filter((name) => !(name in next.set)) };
          room = applied(room, patch);
          subscription.patch(patch.set, patch.remove, ++time);
        }
        expect(page.outstanding).toBeLessThanOrEqual(WINDOW);
      }
      while (page.acknowledged < page.revision) acknowledge(page.revision);
      expect(page.items).toEqual(room);
      expect(page.eventTime).toBe(time);
    }),
    { numRuns: 500 },
  );
});

test('given a page that acknowledges nothing, when ten changes come and it wakes up, then one patch tells the newest of each', () => {
  const page = new Page();
  const subscription = new Subscription(1, (message) => page.receive(message));
  subscription.snapshot({ a: 0 }, 1);
  for (let i = 1; i <= 10; i++) subscription.patch(i % 2 ? { a: i } : { b: i }, i === 10 ? ['a'] : [], i);
  expect(page.patches).toEqual([['a']]);
  subscription.acknowledge(2);
  expect(page.patches).toEqual([['a'], ['a', 'b']]);
  expect(page).toMatchObject({ revision: 3, items: { b: 10 }, eventTime: 10 });
});
