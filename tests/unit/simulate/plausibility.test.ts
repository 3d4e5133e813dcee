import { beforeAll, describe, expect, it, vi } from 'vitest';
import { HOUR } from '#core/simulate/hospital/time.ts';
import { ChartReview } from './charts/chart-review.ts';
import { SITE, demo } from './demo.ts';

// A week of a hospital is computed, on machines that do other things too.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const DAY = 24 * HOUR;
/** So many kinds of things are looked for: a rule that nothing came under would hold of an empty house. */
const RULES = 48;

describe.each(['1', '2'])('a week of the demo hospital (seed %s), read by somebody who knows hospitals', (seed) => {
  let review: ChartReview;
  let begin: number;
  beforeAll(() => {
    const { hospital, sent } = demo({ seed });
    begin = hospital.now;
    hospital.run(begin + 7 * DAY);
    review = new ChartReview(sent, SITE);
  });

  it('holds nothing that cannot be', () => {
    const wrong = [...review.found].filter(([, seen]) => seen.length > 0).map(([rule, seen]) => `${rule}: ${seen.length}, such as ${seen[0]}`);
    expect(wrong).toEqual([]);
    expect(review.found.size).toBeGreaterThanOrEqual(RULES);
  });

  it('keeps no bed for an operation that is over or will not be', () => {
    expect(review.openHolds()).toEqual([]);
  });

  it('has patients come back within 72 h, as some do everywhere', () => {
    const late = (times: readonly number[]) => times.filter((at) => at >= begin + 3 * DAY).length;
    const share = late(review.returnsWithin72h) / late(review.arrivals);
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.06);
  });

  it('withdraws assignments of beds, and finds persons registered twice', () => {
    expect([...review.types]).toEqual(expect.arrayContaining(['bed.released', 'adt.merged']));
  });
});
