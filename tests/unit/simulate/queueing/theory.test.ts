import { describe, expect, it } from 'vitest';
import { erlangB, erlangC, limited, stayByPreemption, waitByPriority, waitMG1, waitMMc } from './theory.ts';

/** County Hospital's emergency room: 2 patients an hour, 3 treated an hour (Hillier & Lieberman, Introduction to Operations Research, ch. 17). */
describe('formulas give the figures of published examples', () => {
  it('one doctor: 40 minutes of waiting; two doctors: 2.5 minutes', () => {
    expect(waitMMc(2, 3, 1)).toBeCloseTo(2 / 3, 12);
    expect(waitMMc(2, 3, 2)).toBeCloseTo(1 / 24, 12);
  });

  it('critical, serious and stable cases (0.2, 0.6 and 1.2 an hour), nobody interrupted', () => {
    const [critical, serious] = waitByPriority([0.2, 0.6, 1.2], 3, 1);
    expect(critical).toBeCloseTo(0.238, 3);
    expect(serious).toBeCloseTo(0.325, 3);
    const two = waitByPriority([0.2, 0.6, 1.2], 3, 2);
    [0.029, 0.033, 0.048].forEach((hours, k) => expect(two[k]).toBeCloseTo(hours, 3));
  });

  it('the same, treatment interrupted for the more urgent', () => {
    const stay = stayByPreemption([0.2, 0.6, 1.2], 3);
    [0.024, 0.154, 1.03].forEach((hours, k) => expect(stay[k]! - 1 / 3).toBeCloseTo(hours, 3));
    // Interrupting exponential service changes who waits, not how many are there: load over what is free.
    expect(stay.reduce((sum, hours, k) => sum + hours * [0.2, 0.6, 1.2][k]!, 0)).toBeCloseTo(2, 12);
  });

  it('waits of the classes, weighted, are that of one class (conservation law, Kleinrock 1965)', () => {
    const arrivals = [0.2, 0.6, 1.2];
    const weighted = waitByPriority(arrivals, 3, 1).reduce((sum, wait, k) => sum + wait * arrivals[k]!, 0);
    expect(weighted / 2).toBeCloseTo(waitMMc(2, 3, 1), 12);
  });

  // Tables of the Erlang loss formula: erlangs that so many lines carry at 1% loss.
  it.each([
    [1, 0.0101],
    [5, 1.361],
    [10, 4.461],
    [20, 12.03],
    [50, 37.9],
  ])('%d lines, %d erlangs: one call in a hundred is lost', (lines, erlangs) => {
    expect(erlangB(lines, erlangs)).toBeCloseTo(0.01, 4);
  });

  it('Erlang C of one server is its load, and lies above Erlang B', () => {
    expect(erlangC(1, 0.6)).toBeCloseTo(0.6, 12);
    expect(erlangC(14, 9.8)).toBeGreaterThan(erlangB(14, 9.8));
  });

  it('constant service halves the wait of exponential service (Pollaczek 1930)', () => {
    expect(waitMG1(0.8, 1, 1)).toBeCloseTo(waitMMc(0.8, 1, 1), 12);
    expect(waitMG1(0.8, 1, 0)).toBeCloseTo(waitMMc(0.8, 1, 1) / 2, 12);
  });

  it('a limited queue is Erlang B without places to wait, and M/M/c with very many', () => {
    expect(limited(4, 1, 5, 5).lost).toBeCloseTo(erlangB(5, 4), 12);
    expect(limited(4, 1, 5, 400).wait).toBeCloseTo(waitMMc(4, 1, 5), 9);
  });
});
