import { beforeAll, describe, expect, it } from 'vitest';
import { DateTime } from 'luxon';
import { cdf } from '#core/simulate/distributions/measures.ts';
import type { Envelope } from '#core/simulate/hospital/emitter.ts';
import type { Observed } from '../../../scripts/fit/compare.ts';
import { readObserved } from '../../../scripts/fit/compare.ts';
import { runClaims, runDemo } from '../../../scripts/fit/run-demo.ts';
import { claimShare, claims, measure, p50and90 } from '../../../scripts/fit/simulated.ts';
import type { Measured } from '../../../scripts/fit/simulated.ts';
import { PARAMETERS, SITE } from './demo.ts';

const DAYS = 5;
const LONG = 120_000;

describe('the running demo hospital shows what the data show', () => {
  let simulated: Measured;
  let observed: Observed;
  let arrivals: DateTime[];
  let billing: Envelope[];

  beforeAll(() => {
    const events = runDemo(DAYS);
    billing = runClaims();
    simulated = new Map([...measure(events), ...claims(billing)]);
    observed = readObserved();
    arrivals = events.filter(({ type }) => type === 'ed.arrived').map(({ time }) => DateTime.fromISO(time, { zone: SITE.timezone }));
  }, LONG);

  it.each([
    ['ed.registration_to_triage', 0.2, 0.2],
    ['lab.turnaround@STAT', 0.1, 0.15],
    ['lab.turnaround@routine', 0.1, 0.15],
    ['or.duration_ratio', 0.1, 0.1],
    ['or.setup', 0.1, 0.1],
    ['or.turnover', 0.2, 0.2],
    ['or.first_case_delay', 0.35, 0.35],
    // Plans that are taken back and made again lie in the tail.
    ['discharge.order_to_leaving', 0.2, 0.35],
    ['rcm.opened_to_closed', 0.1, 0.1],
    ['rcm.released_to_coded', 0.1, 0.1],
    // Counted from the first coding, also where a claim is opened and coded again.
    ['rcm.coded_to_billed', 0.15, 0.15],
    // Stages are drawn apart from one another; in the data long ones follow short ones.
    ['rcm.claim_cycle_days', 0.15, 0.2],
  ])('%s: median and ninetieth percentile', (name, medianWithin, ninetiethWithin) => {
    const [p50, p90] = p50and90(simulated.get(name)!);
    expect(Math.abs(p50 / observed[name]!.p50 - 1)).toBeLessThan(medianWithin);
    expect(Math.abs(p90 / observed[name]!.p90 - 1)).toBeLessThan(ninetiethWithin);
  });

  it.each([
    ['rejected', 'billed', PARAMETERS.revenue.rejected],
    ['reopened', 'billed', PARAMETERS.revenue.reopened],
    ['invoice-cancelled', 'billed', PARAMETERS.revenue.invoiceCancelled],
    ['coding-incomplete', 'coded', PARAMETERS.revenue.codingIncomplete],
    ['deleted', 'opened', PARAMETERS.revenue.deleted],
  ])('claims once %s, of those %s', (status, of, share) => {
    // Four standard errors of some four thousand claims.
    expect(Math.abs(claimShare(billing, status, of) - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 4000));
  });

  it('admitted patients leave the department later than in a Dutch hospital, sooner than in one in Boston (median 386 min)', () => {
    const [p50] = p50and90(simulated.get('ed.registration_to_admission')!);
    expect(p50).toBeGreaterThan(observed['ed.registration_to_admission']!.p50 * 0.9);
    expect(p50).toBeLessThan(386);
  });

  it('emergency arrivals follow the hours of the day', () => {
    const { byHour } = PARAMETERS.ed.arrivals;
    const total = byHour.reduce((sum, weight) => sum + weight, 0);
    const chi = byHour.reduce((sum, weight, hour) => {
      const expected = (arrivals.length * weight) / total;
      return sum + (arrivals.filter((at) => at.hour === hour).length - expected) ** 2 / expected;
    }, 0);
    expect(cdf({ gamma: { mean: 23, shape: 11.5 } }, chi)).toBeLessThan(0.9995);
  });
});
