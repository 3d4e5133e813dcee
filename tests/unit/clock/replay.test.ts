import { expect, test } from 'vitest';
import { replayClock } from '#core/clock/clock.ts';

test('given a fast replay, when asked for the time, then it is in whole milliseconds, as the store keeps them', () => {
  const clock = replayClock(Date.UTC(2026, 0, 14), 0.37);
  for (let i = 0; i < 1_000; i++) expect(Number.isInteger(clock.now())).toBe(true);
});
