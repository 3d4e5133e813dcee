import { describe, expect, it } from 'vitest';
import { isOpen } from '../../../electron/core/domain/open.ts';
import { at, folded, given, happened } from './given.ts';

const said = (clock: string, type: string, more: object = {}) => happened(clock, `lab.${type}`, { order: 'L1', ...more }, { source: 'lis' });

describe('laboratory order', () => {
  it('reports each test once, and knows the priority that somebody named', () => {
    given(
      said('08:00', 'order-created', { test: 'BMP', priority: 'STAT' }), said('08:10', 'specimen-collected'), said('08:20', 'specimen-received'),
      said('08:50', 'result-reported', { test: 'K' }), said('08:55', 'result-reported', { test: 'Na' }),
    )
      .when(said('09:30', 'result-reported', { test: 'K', status: 'corrected' }))
      .then({
        priority: 'STAT', test: 'BMP', orderedAt: at('08:00'), collectedAt: at('08:10'), receivedAt: at('08:20'),
        results: [{ test: 'K', reportedAt: at('08:50'), priority: 'STAT', correctedAt: at('09:30') }, { test: 'Na', reportedAt: at('08:55'), priority: 'STAT' }],
      });
  });
  it('counts from the specimen that was drawn last before the result', () => {
    given(said('08:10', 'specimen-collected'), said('08:30', 'specimen-collected'), said('08:50', 'result-reported'))
      .when(said('09:00', 'specimen-collected'))
      .then({ priority: 'unspecified', collectedAt: at('08:30'), results: [{ reportedAt: at('08:50'), priority: 'unspecified' }] });
  });
  it('cancelled is not pending, unless a result comes after all', () => {
    const order = said('08:00', 'order-created');
    given(order).when(said('08:30', 'order-cancelled', { reason: 'haemolysed' })).then({ priority: 'unspecified', orderedAt: at('08:00'), cancelledAt: at('08:30'), cancelReason: 'haemolysed', results: [] });
    given(order, said('08:30', 'order-cancelled')).when(said('09:00', 'result-reported')).then({ priority: 'unspecified', orderedAt: at('08:00'), results: [{ reportedAt: at('09:00'), priority: 'unspecified' }] });
  });
});

describe('corrections of a laboratory order', () => {
  const result = (clock: string, more: object = {}) => said(clock, 'result-reported', { test: 'K', ...more });
  const order = said('08:00', 'order-created', { test: 'K', priority: 'STAT' });
  const collected = said('08:10', 'specimen-collected');
  const base = { priority: 'STAT', test: 'K', orderedAt: at('08:00') };
  const reported = { test: 'K', reportedAt: at('08:50'), priority: 'STAT' };
  const pending = (...events: Parameters<typeof folded>[0]) => isOpen('lab-order', folded(events));

  it('a preliminary result is no answer; the final one is, and says what is critical', () => {
    given(order).when(result('08:40', { status: 'preliminary' }), result('08:45', { status: 'preliminary' })).then({ ...base, preliminaryAt: at('08:40'), results: [] });
    given(order, result('08:40', { status: 'preliminary' }))
      .when(result('08:50', { status: 'final', critical: true }))
      .then({ ...base, preliminaryAt: at('08:40'), results: [{ ...reported, critical: true }] });
    expect([pending(order, result('08:40', { status: 'preliminary' })), pending(order, result('08:50'))]).toEqual([true, false]);
  });
  it('a corrected result keeps the time of the first, the newest correction beside it', () => {
    given(order, result('08:50'), result('09:30', { status: 'corrected' }))
      .when(result('10:00', { status: 'corrected' }))
      .then({ ...base, results: [{ ...reported, correctedAt: at('10:00') }] });
  });
  it('a correction without its result answers the order at a time that nobody knows, until the result comes late', () => {
    const correction = result('09:30', { status: 'corrected' });
    given(order).when(correction).then({ ...base, correctedAt: at('09:30'), results: [] });
    expect(pending(order, correction)).toBe(false);
    given(order, correction).when(result('08:50')).then({ ...base, results: [{ ...reported, correctedAt: at('09:30') }] });
  });
  it('a cancellation before collection, twice or without its order leaves nothing to wait for', () => {
    given(order, said('08:05', 'order-cancelled'))
      .when(said('08:07', 'order-cancelled', { reason: 'double' }))
      .then({ ...base, cancelledAt: at('08:05'), cancelReason: 'double', results: [] });
    given(said('08:05', 'order-cancelled')).when(order).then({ ...base, cancelledAt: at('08:05'), results: [] });
    expect(pending(order, said('08:05', 'order-cancelled'))).toBe(false);
  });
  it('a cancellation after collection is over with another specimen, or with a new order under the number', () => {
    const lost = [order, collected, said('08:20', 'order-cancelled', { reason: 'haemolysed' })];
    given(...lost).when(said('08:30', 'specimen-collected')).then({ ...base, collectedAt: at('08:30'), results: [] });
    given(...lost).when(said('08:25', 'order-created', { test: 'K', priority: 'STAT' })).then({ ...base, orderedAt: at('08:25'), results: [] });
    expect(pending(...lost, said('08:25', 'order-created'))).toBe(true);
  });
  it('a cancellation after the result, which has been given, concerns what was left of the order', () => {
    given(order, collected, result('08:50')).when(said('09:00', 'order-cancelled')).then({ ...base, collectedAt: at('08:10'), cancelledAt: at('09:00'), results: [reported] });
    expect(pending(order, result('08:50'), said('09:00', 'order-cancelled'))).toBe(false);
  });
});
