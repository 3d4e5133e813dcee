import { describe, expect, it } from 'vitest';
import { BackOff } from '../../../electron/main/back-off.ts';
import { PageHealth } from '../../../electron/main/page-health.ts';

describe('restarts of a core', () => {
  it('happen at once, then ever later, and never more than ten seconds apart', () => {
    const backOff = new BackOff();
    expect(Array.from({ length: 9 }, () => backOff.next(100))).toEqual([0, 250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('happen at once again after a core that ran well', () => {
    const backOff = new BackOff();
    for (let i = 0; i < 5; i++) backOff.next(100);
    expect(backOff.next(60_000)).toBe(0);
    expect(backOff.next(100)).toBe(250);
  });
});

describe('the health of a page', () => {
  it('given a page that paints, then it does not hang', () => {
    const health = new PageHealth(0);
    for (let now = 0; now < 200_000; now += 2_000) {
      health.painted(now);
      expect(health.hangs(now + 1_999)).toBe(false);
    }
  });

  it('given silence after a paint, then it hangs, and is given time before it is said again', () => {
    const health = new PageHealth(0);
    health.painted(1_000);
    expect(health.hangs(15_999)).toBe(false);
    expect(health.hangs(16_000)).toBe(true);
    expect(health.hangs(18_000)).toBe(false);
    expect(health.hangs(46_000)).toBe(true);
  });

  it('given a machine that slept, then the silence of that time does not count', () => {
    const health = new PageHealth(0);
    health.painted(0);
    health.resumed(3_600_000);
    expect(health.hangs(3_602_000)).toBe(false);
  });

  it('given a page that keeps dying, then the remedies grow harder', () => {
    const health = new PageHealth(0);
    expect(Array.from({ length: 6 }, (_, i) => health.gone(i))).toEqual(['reload', 'reload', 'recreate', 'recreate', 'relaunch', 'relaunch']);
  });

  it('given a page that died and then painted for a minute, then the remedies begin anew', () => {
    const health = new PageHealth(0);
    for (let i = 0; i < 3; i++) health.gone(i);
    for (let now = 10; now <= 60_010; now += 2_000) health.painted(now);
    expect(health.gone(60_012)).toBe('reload');
  });
});
