import { expect, it } from 'vitest';
import { Kept, KeptAnswers } from '#core/api/kept-answers.ts';

function keeping() {
  const world = { now: 0, changes: 0, made: 0 };
  const kept = new KeptAnswers(() => world.changes, () => world.now);
  const ask = (key = 'a', cost = 0) =>
    kept.of(key, () => {
      world.now += cost;
      return ++world.made;
    });
  const saysAt = async (now: number, key?: string) => {
    world.now = now;
    return (await ask(key)).bytes.toString();
  };
  return { world, kept, ask, saysAt };
}

it('makes an answer once for all who ask at a time', async () => {
  const { ask, world } = keeping();
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask()));
  expect([world.made, new Set(answers).size]).toEqual([1, 1]);
});

it('makes it anew four times a second while the site changes, and once a second while it does not', async () => {
  const { saysAt, world } = keeping();
  expect([await saysAt(0), await saysAt(999), await saysAt(1_000)]).toEqual(['1', '1', '2']);
  world.changes++;
  expect([await saysAt(1_249), await saysAt(1_250)]).toEqual(['2', '3']);
});

it('gives an answer that is slow to make no more than a fortieth of the time', async () => {
  const { saysAt, ask, world } = keeping();
  await ask('a', 50);
  world.changes++;
  expect([await saysAt(1_999), await saysAt(2_000)]).toEqual(['1', '2']);
});

it('keeps questions apart, and forgets those that nobody asks', async () => {
  const { saysAt } = keeping();
  expect([await saysAt(0, 'a'), await saysAt(0, 'b'), await saysAt(1, 'a')]).toEqual(['1', '2', '1']);
  for (let i = 0; i < 127; i++) await saysAt(2, `q${i}`);
  expect([await saysAt(3, 'a'), await saysAt(3, 'b')]).toEqual(['1', '130']);
});

it('asks again what failed', async () => {
  const { kept } = keeping();
  await expect(kept.of('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect((await kept.of('a', () => 'here')).bytes.toString()).toBe('"here"');
});

it('tags equal answers alike and others not', () => {
  expect([new Kept({ a: 1 }).tag === new Kept({ a: 1 }).tag, new Kept({ a: 1 }).tag === new Kept({ a: 2 }).tag]).toEqual([true, false]);
});
