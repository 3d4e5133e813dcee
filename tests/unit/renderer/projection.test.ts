import fc from 'fast-check';
import { effect } from 'vue';
import { expect, test } from 'vitest';
import type { Items } from '#shared/link/messages.ts';
import { Projection } from '../../../renderer/stores/projection.ts';

const shown = (projection: Projection): Items => Object.fromEntries(projection.keys.value.map((key) => [key, projection.item(key).value ?? null]));

test('given a snapshot, when a patch names one item, then only its followers wake', () => {
  const projection = new Projection();
  projection.snapshot({ a: 1, b: 2 }, 10);
  const woken: string[] = [];
  effect(() => woken.push(`a=${projection.item('a').value}`));
  effect(() => woken.push(`b=${projection.item('b').value}`));
  effect(() => woken.push(`keys=${projection.keys.value.join()}`));
  woken.length = 0;

  projection.patch({ b: 3 }, [], 11);

  expect(woken).toEqual(['b=3']);
  expect(projection.eventTime).toBe(11);
});

test('given an item that nobody has sent yet, when it comes, then its follower sees it', () => {
  const projection = new Projection();
  const seen: unknown[] = [];
  effect(() => seen.push(projection.item('late').value));
  projection.snapshot({}, 1);
  projection.patch({ late: 'here' }, [], 2);
  expect(seen).toEqual([undefined, 'here']);
});

test('given a newer snapshot, when an item is no longer in it, then it is gone', () => {
  const projection = new Projection();
  projection.snapshot({ a: 1, b: 2 }, 1);
  projection.snapshot({ b: 2, c: 3 }, 2);
  expect(projection.item('a').value).toBeUndefined();
  expect(projection.peek('a')).toBeUndefined();
  expect(projection.keys.value).toEqual(['b', 'c']);
});

test('keys keep the server\'s order, and new ones come last', () => {
  const projection = new Projection();
  projection.snapshot({ z: 1, a: 2 }, 1);
  projection.patch({ m: 3, a: 4 }, ['z'], 2);
  expect(projection.keys.value).toEqual(['a', 'm']);
});

test('an older patch never takes the event time back', () => {
  const projection = new Projection();
  projection.snapshot({}, 50);
  projection.patch({ a: 1 }, [], 40);
  expect(projection.eventTime).toBe(50);
});

test('any run of patches leaves what the same run leaves in a plain record', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const patch = fc.record({ set: fc.dictionary(key, fc.integer()), remove: fc.uniqueArray(key) });
  fc.assert(
    fc.property(fc.dictionary(key, fc.integer()), fc.array(patch), (first, patches) => {
      const projection = new Projection();
      const model = new Map<string, number>(Object.entries(first));
      projection.snapshot(first, 0);
      for (const { set, remove } of patches) {
        const removed = remove.filter((k) => !(k in set));
        projection.patch(set, removed, 0);
        for (const k of removed) model.delete(k);
        for (const [k, v] of Object.entries(set)) model.set(k, v);
      }
      expect(shown(projection)).toEqual(Object.fromEntries(model));
      expect(new Set(projection.keys.value).size).toBe(projection.keys.value.length);
    }),
  );
});
