import { describe, expect, it } from 'vitest';
import { isOpen } from '../../../electron/core/domain/open.ts';
import { at, folded, given, happened } from './given.ts';

const said = (clock: string, type: string, more: object = {}) => happened(clock, `pharmacy.${type}`, { order: 'RX1', ...more }, { source: 'pharmacy' });
const queued = (clock = '08:00', more: object = {}) => said(clock, 'order-queued', { pharmacy: 'central', priority: 'STAT', ...more });
const dispensed = (clock: string) => said(clock, 'dispensed');
const cancelled = (clock: string, reason?: string) => said(clock, 'order-cancelled', reason === undefined ? {} : { reason });
const order = { pharmacy: 'central', priority: 'STAT' };
const left = (from: string, to: string) => ({ queuedAt: at(from), dispensedAt: at(to), priority: 'STAT' });
const waits = (...events: Parameters<typeof folded>[0]) => isOpen('pharmacy-order', folded(events));

describe('medication order', () => {
  it('waits from the queue until it is dispensed', () => {
    given().when(queued('08:00', { encounter: 'V1', unit: '4E', preparation: 'stock' })).then({ ...order, encounter: 'V1', unit: '4E', preparation: 'stock', queuedAt: at('08:00'), dispenses: [] });
    given(queued()).when(dispensed('08:20')).then({ ...order, dispenses: [left('08:00', '08:20')] });
    expect([waits(queued()), waits(queued(), dispensed('08:20'))]).toEqual([true, false]);
  });
  it('queued twice waits since the first time', () => {
    given(queued()).when(queued('08:10')).then({ ...order, queuedAt: at('08:00'), dispenses: [] });
  });
  it('dispensed twice was dispensed the first time', () => {
    given(queued(), dispensed('08:20')).when(dispensed('14:20')).then({ ...order, dispenses: [left('08:00', '08:20')] });
  });
  it('changed after it was dispensed waits again, and both ways are measured', () => {
    given(queued(), dispensed('08:20')).when(queued('10:00')).then({ ...order, queuedAt: at('10:00'), dispenses: [left('08:00', '08:20')] });
    given(queued(), dispensed('08:20'), queued('10:00')).when(dispensed('10:30')).then({ ...order, dispenses: [left('08:00', '08:20'), left('10:00', '10:30')] });
  });
  it('that was never seen in the queue is dispensed, without a wait', () => {
    given().when(dispensed('08:20')).then({ priority: 'unspecified', dispenses: [{ dispensedAt: at('08:20'), priority: 'unspecified' }] });
    given(dispensed('08:20')).when(queued()).then({ ...order, dispenses: [left('08:00', '08:20')] });
  });
});

describe('medication order that is withdrawn', () => {
  it('waits no longer, and was withdrawn the first time', () => {
    given(queued(), cancelled('08:10', 'replaced')).when(cancelled('08:20')).then({ ...order, queuedAt: at('08:00'), cancelledAt: at('08:10'), cancelReason: 'replaced', dispenses: [] });
    expect(waits(queued(), cancelled('08:10'))).toBe(false);
  });
  it('without having been seen does not wait when the order comes late', () => {
    given(cancelled('08:10')).when(queued()).then({ ...order, queuedAt: at('08:00'), cancelledAt: at('08:10'), dispenses: [] });
  });
  it('and dispensed all the same was not withdrawn', () => {
    given(queued(), cancelled('08:10', 'replaced')).when(dispensed('08:20')).then({ ...order, dispenses: [left('08:00', '08:20')] });
  });
  it('and queued again waits from then', () => {
    given(queued(), cancelled('08:10', 'replaced')).when(queued('09:00')).then({ ...order, queuedAt: at('09:00'), dispenses: [] });
  });
  it('after it was dispensed keeps what was dispensed', () => {
    given(queued(), dispensed('08:20')).when(cancelled('08:30')).then({ ...order, cancelledAt: at('08:30'), dispenses: [left('08:00', '08:20')] });
  });
});
