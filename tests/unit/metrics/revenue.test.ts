import { describe, expect, test } from 'vitest';
import { CLAIM_STATUSES } from '#shared/events/types/rcm.ts';
import { isOpen } from '#core/domain/open.ts';
import { at, figures, houseOf, reason, value, type Told } from './house-of.ts';

const day = (n: number, time = '00:00') => `2026-01-${String(n).padStart(2, '0')}T${time}:00Z`;
const claim = (id: string, status: string, n: number, more: object = {}): Told => ['rcm.claim-status-changed', day(n), { claim: id, status, ...more }];
const denial = (id: string, of: string, status: string, n: number, more: object = {}): Told => ['rcm.denial-status-changed', day(n), { denial: id, claim: of, status, ...more }];
const preauth = (id: string, status: string, time: string, more: object = {}): Told => ['rcm.preauth-status-changed', time, { preauth: id, status, ...more }];
const later = { at: at(day(31)) };

describe('denials', () => {
  const house = houseOf({}, [
    claim('a', 'opened', 1, { payer: 'ACME' }),
    claim('a', 'billed', 2),
    denial('D1', 'a', 'received', 5, { payer: 'ACME' }),
    denial('D1', 'a', 'appealed', 7),
    denial('D1', 'a', 'overturned', 20),
    claim('b', 'opened', 1, { payer: 'ACME' }),
    claim('b', 'billed', 2),
    claim('b', 'paid', 6),
    denial('D2', 'b', 'received', 12, { payer: 'ACME' }),
    claim('c', 'opened', 1, { payer: 'BETA' }),
    claim('c', 'billed', 3),
    claim('c', 'denied', 5),
    denial('D3', 'c', 'received', 5, { payer: 'BETA' }),
    denial('D3', 'c', 'upheld', 9),
    denial('D3', 'c', 'written-off', 15),
    denial('D4', 'elsewhere', 'received', 8, { payer: 'BETA' }),
  ]);
  const ask = (metric: string, request = {}) => value(house, `rcm.${metric}`, { ...later, ...request });

  test('rcm.claims_denied: by the claim or by its denial, once; an overturned one too', () => {
    expect([ask('claims_denied'), ask('claims_denied', { from: at(day(9)) }), ask('claims_denied', { scope: { payer: 'BETA' } })]).toEqual([4, 1, 2]);
  });

  test('rcm.initial_denial_rate: a denial after the payment was not the first decision (HFMA: initial denials)', () => {
    // First decisions: a denied, b paid, c denied, elsewhere denied.
    expect([ask('initial_denial_rate'), ask('initial_denial_rate', { scope: { payer: 'ACME' } })]).toEqual([0.75, 0.5]);
  });

  test('rcm.claims_open: a denial opens its claim until it is overturned or written off', () => {
    const open = (n: number) => ask('claims_open', { at: at(day(n, '12:00')) });
    // From the 8th on with the claim elsewhere, of which the denial alone tells.
    expect([open(1), open(4), open(5), open(9), open(12), open(15), open(20)]).toEqual([3, 0, 2, 3, 4, 3, 2]);
  });
});

describe('claims that are open', () => {
  const open = (told: Told[], n: number, scope = {}) => value(houseOf({}, told), 'rcm.claims_open', { at: at(day(n, '12:00')), scope });
  const paid = [claim('a', 'opened', 1, { payer: 'ACME' }), claim('a', 'billed', 2), claim('a', 'paid', 6)];

  test('given a claim first seen in the middle of its way, then it is open until it is billed', () => {
    const seen = [claim('a', 'released', 3, { payer: 'ACME' }), claim('a', 'billed', 9)];
    expect([open(seen, 2), open(seen, 3), open(seen, 9)]).toEqual([0, 1, 0]);
  });
  test('given a claim that is in memory no more, when it is denied, then it is open until the denial is over', () => {
    const told = [denial('D1', 'gone', 'received', 8, { payer: 'BETA' }), denial('D1', 'gone', 'written-off', 20)];
    expect([open(told, 8), open(told, 8, { payer: 'BETA' }), open(told, 20)]).toEqual([1, 1, 0]);
  });
  test('given two denials, when one is overturned, then the other keeps the claim open', () => {
    const told = [...paid, denial('D1', 'a', 'received', 8), denial('D2', 'a', 'received', 9), denial('D2', 'a', 'overturned', 12), denial('D1', 'a', 'overturned', 15)];
    expect([open(told, 7), open(told, 9), open(told, 12), open(told, 15)]).toEqual([0, 1, 1, 0]);
  });
  test('given a denial, when the claim is paid after it, then it is over; paid and denied at once it is not', () => {
    const first = [claim('a', 'opened', 1), claim('a', 'billed', 2), denial('D1', 'a', 'received', 5)];
    expect([open([...first, claim('a', 'paid', 9)], 8), open([...first, claim('a', 'paid', 9)], 9), open([...first, claim('a', 'paid', 5)], 5)]).toEqual([1, 0, 1]);
  });
  test('given a denial that was overturned, when the claim is reopened, then it is open', () => {
    const told = [...paid, denial('D1', 'a', 'received', 8), denial('D1', 'a', 'overturned', 12), claim('a', 'reopened', 14)];
    expect([open(told, 12), open(told, 14)]).toEqual([0, 1]);
  });
  test.each(CLAIM_STATUSES)('given a claim that is %s, then state and metric agree whether it is open', (status) => {
    const house = houseOf({}, [claim('a', 'opened', 1), claim('a', status, 2)]);
    expect(value(house, 'rcm.claims_open', later)).toBe(isOpen('claim', house.get('claim', 'a')) ? 1 : 0);
  });
});

describe('prior authorisations', () => {
  const house = houseOf({}, [
    preauth('p', 'requested', day(1), { payer: 'ACME', urgent: true }),
    preauth('p', 'pended', day(2)),
    preauth('p', 'approved', day(3)),
    preauth('q', 'requested', day(1), { payer: 'ACME' }),
    preauth('q', 'denied', day(8, '12:00')),
    preauth('q', 'requested', day(9)),
    preauth('r', 'requested', day(1), { payer: 'BETA' }),
    preauth('r', 'withdrawn', day(4)),
    preauth('s', 'approved', day(4), { payer: 'BETA' }),
  ]);

  test('rcm.preauth_turnaround_hours: CMS-0057-F asks for 72 h urgent and 7 days standard', () => {
    expect(figures(house, 'rcm.preauth_turnaround_hours', later)).toMatchObject({ count: 2, excluded: 0, mean: 114, max: 180, within: 0.5 });
    expect(figures(house, 'rcm.preauth_turnaround_hours', { ...later, from: at(day(4)) })).toMatchObject({ count: 1, max: 180, within: 0 });
    expect(figures(house, 'rcm.preauth_turnaround_hours', { ...later, scope: { payer: 'BETA' } })).toMatchObject({ count: 0, p50: null });
  });

  test('rcm.preauth_pending at any moment', () => {
    const pending = (n: number, scope = {}) => value(house, 'rcm.preauth_pending', { at: at(day(n, '06:00')), scope });
    expect([pending(1), pending(3), pending(4), pending(8), pending(9), pending(9, { payer: 'BETA' })]).toEqual([3, 2, 1, 1, 1, 0]);
    expect(pending(8, { payer: 'GAMMA' })).toBeNull();
    expect(reason(houseOf({}, [preauth('s', 'approved', day(4))]), 'rcm.preauth_pending')).toMatch(/no prior authorisation request/);
  });
});

describe('receivables and revenue', () => {
  const balance = (n: number, payer: string, buckets: number[], dischargedNotFinalBilledGross?: number): Told =>
    ['rcm.ar-balance-reported', day(n), { payer, buckets, ...(dischargedNotFinalBilledGross === undefined ? {} : { dischargedNotFinalBilledGross }) }];
  const revenue = (n: number, of: object): Told => ['rcm.revenue-reported', day(n + 1), { day: day(n).slice(0, 10), ...of }];
  const house = houseOf({}, [
    balance(5, 'ACME', [1, 1, 1, 1, 1], 1),
    balance(20, 'ACME', [3_000, 1_000, 500, 300, 200], 9_000),
    balance(20, 'BETA', [2_000, 1_000, 500, 300, 200], 3_600),
    revenue(18, { grossRevenue: 2_000, netRevenue: 150 }),
    revenue(19, { grossRevenue: 2_200, netRevenue: 210 }),
    revenue(19, { payer: 'ACME', netRevenue: 100 }),
    ['rcm.revenue-reported', day(20), { day: '2025-09-01', netRevenue: 1_000_000, grossRevenue: 1_000_000 }],
  ]);
  const ask = (metric: string, request = {}) => value(house, `rcm.${metric}`, { ...later, ...request });

  test('rcm.dnfb_days (HFMA MAP): gross not final billed over average daily gross revenue', () => {
    expect(ask('dnfb_days')).toBeCloseTo(12_600 / 2_100, 10);
  });
  test('rcm.ar_days (HFMA MAP): net receivables over average daily net revenue, of a payer both of it', () => {
    expect(ask('ar_days')).toBeCloseTo(9_000 / 180, 10);
    expect(ask('ar_days', { scope: { payer: 'ACME' } })).toBeCloseTo(5_000 / 100, 10);
    expect(reason(house, 'rcm.ar_days', { ...later, scope: { payer: 'BETA' } })).toMatch(/no net revenue of the scope/);
  });
  test('a day told by its payers alone is the sum of them', () => {
    const split = houseOf({}, [balance(20, 'ACME', [900, 0, 0, 0, 0]), revenue(19, { payer: 'ACME', netRevenue: 100 }), revenue(19, { payer: 'BETA', netRevenue: 200 })]);
    expect(value(split, 'rcm.ar_days', later)).toBe(3);
  });
  test('given a payer of another name, when the reports go on without the old one, then it is counted no more', () => {
    const flat = (n: number, payer: string) => balance(n, payer, [100, 0, 0, 0, 0]);
    const renamed = houseOf({}, [10, 11, 12, 13, 14].flatMap((n) => [flat(n, 'ACME'), flat(n, n < 13 ? 'BETA' : 'BETA-2')]));
    const aging = (n: number, house = renamed) => value(house, 'rcm.ar_aging', { at: at(day(n)) });
    expect(aging(14)).toBe(200);
    expect(value(renamed, 'rcm.ar_aging', { at: at(day(14)), scope: { payer: 'BETA' } })).toBeNull();
    // A payer that is told once a week is not gone for it.
    const paces = houseOf({}, [flat(1, 'WEEKLY'), flat(8, 'WEEKLY'), ...[8, 9, 10, 11, 12, 13, 14].map((n) => flat(n, 'ACME'))]);
    expect(aging(14, paces)).toBe(200);
    // Nor one that was told but once, while nobody's pace is known.
    expect(aging(20, houseOf({}, [flat(10, 'ACME'), flat(20, 'BETA')]))).toBe(200);
  });
  test('given a payer that does not report what is not final billed, then the days are unknown: the others would pass for all', () => {
    const part = houseOf({}, [balance(20, 'ACME', [1, 0, 0, 0, 0], 900), balance(20, 'BETA', [1, 0, 0, 0, 0]), revenue(19, { grossRevenue: 300 })]);
    expect(reason(part, 'rcm.dnfb_days', later)).toBe('what is discharged and not final billed has not been reported of BETA');
  });
  test('given a payer without revenue on some days, then its days count as told by the others', () => {
    const told = houseOf({}, [balance(20, 'ACME', [600, 0, 0, 0, 0]), balance(20, 'BETA', [600, 0, 0, 0, 0]), ...[16, 17, 18, 19].map((n) => revenue(n, { payer: 'ACME', netRevenue: 100 })), revenue(17, { payer: 'BETA', netRevenue: 80 })]);
    expect(value(told, 'rcm.ar_days', { ...later, scope: { payer: 'ACME' } })).toBe(6);
    expect(value(told, 'rcm.ar_days', { ...later, scope: { payer: 'BETA' } })).toBe(30);
    expect(value(told, 'rcm.ar_days', later)).toBe(10);
  });
  test('rcm.ar_aging by bucket and payer', () => {
    expect([ask('ar_aging'), ask('ar_aging', { scope: { bucket: '0-30' } }), ask('ar_aging', { scope: { bucket: '120+', payer: 'BETA' } })]).toEqual([9_000, 5_000, 200]);
    expect(reason(house, 'rcm.ar_aging', { ...later, scope: { bucket: '0-60' } })).toMatch(/0-30, 31-60, 61-90, 91-120, 120\+/);
  });
  test('speak of the moment that is asked for', () => {
    expect(ask('ar_aging', { at: at(day(10)) })).toBeNull();
    expect(ask('ar_days', { at: at(day(20)) })).toBeCloseTo(9_000 / 180, 10);
  });
  test('are unknown, and not 0, without balance or revenue', () => {
    expect(reason(houseOf({}, [balance(20, 'A', [1, 1, 1, 1, 1])]), 'rcm.ar_days', later)).toMatch(/no net revenue/);
    expect(reason(houseOf({}, [balance(20, 'A', [1, 1, 1, 1, 1])]), 'rcm.dnfb_days', later)).toMatch(/nobody has reported/);
    expect(reason(houseOf({}, [revenue(19, { netRevenue: 5 })]), 'rcm.ar_days', later)).toMatch(/no rcm\.ar-balance-reported/);
    expect(reason(houseOf({}, [balance(20, 'A', [1, 1, 1, 1, 1]), revenue(19, { netRevenue: 0 })]), 'rcm.ar_days', later)).toMatch(/not positive/);
  });
});
