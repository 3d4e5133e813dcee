import { describe, expect, test } from 'vitest';
import { at, figures, houseOf, reason, value, type Told } from './house-of.ts';

const lab = (type: string, order: string, time: string, priority = '', more: object = {}): Told => [`lab.${type}`, time, { order, test: 'K', priority, ...more }];
const claim = (id: string, status: string, time: string, more: object = {}): Told => ['rcm.claim-status-changed', time, { claim: id, status, ...more }];

describe('laboratory', () => {
  const house = houseOf({}, [
    lab('order-created', 'a', '08:00', 'STAT'),
    lab('specimen-collected', 'a', '08:10', 'STAT'),
    lab('result-reported', 'a', '09:10', 'STAT'),
    lab('specimen-collected', 'b', '08:00', 'STAT'),
    lab('result-reported', 'b', '09:30', 'STAT'),
    lab('result-reported', 'b', '10:00', 'STAT', { test: 'Na' }),
    lab('order-created', 'c', '08:00', 'ROUTINE'),
    lab('specimen-collected', 'c', '08:00', 'ROUTINE'),
    lab('result-reported', 'c', '11:00', 'ROUTINE'),
    lab('result-reported', 'd', '11:00'),
    lab('result-reported', 'e', '11:00'),
    lab('specimen-collected', 'e', '11:05'),
    lab('order-created', 'f', '10:00', 'STAT'),
    lab('specimen-collected', 'f', '10:05', 'STAT'),
    lab('order-created', 'g', '10:00', 'ROUTINE'),
    lab('specimen-collected', 'g', '10:05', 'ROUTINE'),
    lab('order-created', 'h', '10:00'),
    lab('order-created', 'i', '10:00', 'STAT'),
    lab('order-cancelled', 'i', '10:30', 'STAT'),
  ]);

  test('lab.turnaround: one sample a result, against the target of the priority', () => {
    expect(figures(house, 'lab.turnaround', { scope: { priority: 'STAT' } })).toMatchObject({ count: 3, excluded: 0, mean: 90, p50: 90, max: 120, within: 1 / 3 });
    expect(figures(house, 'lab.turnaround', { scope: { priority: 'ROUTINE' } })).toMatchObject({ count: 1, max: 180, within: 1 });
    expect(figures(house, 'lab.turnaround', { scope: { test: 'Na' } })).toMatchObject({ count: 1, max: 120, within: 0 });
  });

  test('lab.turnaround over priorities with different targets has no share within one', () => {
    expect(figures(house, 'lab.turnaround')).toMatchObject({ count: 4, excluded: 1, within: null });
  });

  test('a result without collection is no sample; a collection charted after the result is excluded', () => {
    expect(figures(house, 'lab.turnaround', { scope: { priority: 'unspecified' } })).toMatchObject({ count: 0, excluded: 1, p50: null, within: null });
  });

  test('lab.order_turnaround starts with the order', () => {
    expect(figures(house, 'lab.order_turnaround')).toMatchObject({ count: 2, mean: 125, max: 180, within: null });
  });

  test('lab.pending and lab.overdue', () => {
    const now = { at: at('12:00') };
    expect([value(house, 'lab.pending', now), value(house, 'lab.pending', { at: at('10:15') }), value(house, 'lab.pending', { ...now, scope: { priority: 'STAT' } })]).toEqual([3, 5, 1]);
    expect([value(house, 'lab.overdue', now), value(house, 'lab.overdue', { at: at('11:05') }), value(house, 'lab.overdue', { at: at('14:30') })]).toEqual([1, 0, 2]);
    expect(value(house, 'lab.overdue', { ...now, scope: { priority: 'unspecified' } })).toBeNull();
  });

  test('nothing is pending where no order is reported', () => {
    const results = houseOf({}, [lab('specimen-collected', 'a', '08:00'), lab('result-reported', 'a', '09:00')]);
    expect(reason(results, 'lab.pending')).toMatch(/lab\.order-created/);
    expect(value(results, 'lab.overdue')).toBeNull();
  });
});

describe('claims', () => {
  const house = houseOf({}, [
    claim('clean', 'opened', '2026-01-01T00:00:00Z', { payer: 'ACME', specialty: 'A' }),
    claim('clean', 'changed', '2026-01-02T00:00:00Z'),
    claim('clean', 'billed', '2026-01-11T00:00:00Z'),
    claim('clean', 'paid', '2026-01-20T00:00:00Z'),
    claim('clean', 'changed', '2026-01-21T00:00:00Z'),
    claim('again', 'opened', '2026-01-01T00:00:00Z', { payer: 'ACME', specialty: 'B' }),
    claim('again', 'billed', '2026-01-06T00:00:00Z'),
    claim('again', 'denied', '2026-01-08T00:00:00Z'),
    claim('again', 'billed', '2026-01-12T00:00:00Z'),
    claim('again', 'paid', '2026-01-25T00:00:00Z'),
    claim('rework', 'opened', '2026-01-03T00:00:00Z', { payer: 'BETA' }),
    claim('rework', 'coding-error', '2026-01-04T00:00:00Z'),
    claim('rework', 'billed', '2026-01-05T00:00:00Z'),
    claim('rework', 'paid', '2026-01-09T00:00:00Z'),
    claim('open', 'opened', '2026-01-04T00:00:00Z', { payer: 'BETA' }),
    claim('open', 'released', '2026-01-05T00:00:00Z'),
  ]);
  const later = { at: at('2026-02-01T00:00:00Z') };
  const rate = (metric: string, request = {}) => value(house, `rcm.${metric}`, { ...later, ...request });

  test('rcm.claims_open by the last step of each, now and before', () => {
    expect([rate('claims_open'), rate('claims_open', { at: at('2026-01-04T12:00:00Z') }), rate('claims_open', { scope: { payer: 'ACME' } })]).toEqual([1, 4, 0]);
  });

  test('rcm.claims_submitted and rcm.claims_denied count a claim once', () => {
    expect([rate('claims_submitted'), rate('claims_submitted', { from: at('2026-01-11T00:00:00Z') }), rate('claims_denied'), rate('claims_denied', { from: at('2026-01-09T00:00:00Z') })]).toEqual([3, 2, 1, 0]);
  });

  test('rcm.initial_denial_rate: by the first decision alone', () => {
    expect(rate('initial_denial_rate')).toBeCloseTo(1 / 3, 10);
    expect(rate('initial_denial_rate', { from: at('2026-01-20T00:00:00Z') })).toBe(0);
    expect(rate('initial_denial_rate', { from: at('2026-01-21T00:00:00Z') })).toBeNull();
  });

  test('rcm.clean_claim_rate: neither reworked nor billed again', () => {
    expect(rate('clean_claim_rate')).toBeCloseTo(1 / 3, 10);
    expect(rate('clean_claim_rate', { scope: { payer: 'BETA' } })).toBe(0);
  });

  test('rcm.claim_cycle_days: opened to first billed', () => {
    expect(figures(house, 'rcm.claim_cycle_days')).toMatchObject({ count: 3, p50: 5, max: 10, mean: 17 / 3 });
    expect(figures(house, 'rcm.claim_cycle_days', { scope: { specialty: 'B' } })).toMatchObject({ count: 1, max: 5 });
  });

  test('payers and decisions that nobody reports are unknown', () => {
    const log = houseOf({}, [claim('a', 'opened', '08:00'), claim('a', 'billed', '09:00')]);
    expect(value(log, 'rcm.claims_submitted')).toBe(1);
    for (const metric of ['rcm.claims_denied', 'rcm.initial_denial_rate']) expect(reason(log, metric), metric).toMatch(/no payment and no denial/);
    expect(value(log, 'rcm.claims_open', { scope: { payer: 'ACME' } })).toBeNull();
    expect(value(houseOf({}, []), 'rcm.claims_open')).toBeNull();
  });
});
