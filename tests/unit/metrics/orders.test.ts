import { describe, expect, test } from 'vitest';
import { at, figures, houseOf, reason, value, type Told } from './house-of.ts';

const study = (type: string, order: string, time: string, more: object = {}): Told => [`imaging.${type}`, time, { order, ...more }];
const drug = (type: string, order: string, time: string, more: object = {}): Told => [`pharmacy.${type}`, time, { order, pharmacy: 'central', ...more }];

describe('imaging', () => {
  const ct = { modality: 'CT', priority: 'STAT', setting: 'ed' };
  const xray = { modality: 'XR', priority: 'ROUTINE', setting: 'inpatient' };
  const house = houseOf({}, [
    study('order-created', 'a', '08:00', ct),
    study('study-started', 'a', '08:20'),
    study('study-completed', 'a', '08:30'),
    study('report-signed', 'a', '08:40', { status: 'preliminary' }),
    study('report-signed', 'a', '09:20', { status: 'final' }),
    study('order-created', 'b', '08:10', ct),
    study('study-completed', 'b', '09:00'),
    study('report-signed', 'b', '10:30'),
    study('order-created', 'c', '07:00', xray),
    study('study-completed', 'c', '08:00'),
    study('report-signed', 'c', '18:00'),
    study('order-created', 'd', '09:00', { ...ct, priority: 'ROUTINE' }),
    study('order-created', 'e', '09:00', xray),
    study('study-completed', 'e', '09:30'),
    study('report-signed', 'e', '09:40', { status: 'preliminary' }),
    study('order-created', 'f', '09:00', xray),
    study('order-cancelled', 'f', '09:30'),
    study('report-signed', 'g', '09:00', { modality: 'CT' }),
    study('study-completed', 'g', '09:30'),
  ]);

  test('imaging.turnaround: study completed to final report, against the target of modality and setting', () => {
    // 08:30 -> 09:20 is 50 min, 09:00 -> 10:30 is 90 min; NICE QS74 asks for a report within 60 min.
    expect(figures(house, 'imaging.turnaround', { scope: { modality: 'CT', setting: 'ed' } })).toMatchObject({ count: 2, excluded: 0, p50: 70, max: 90, within: 0.5 });
    expect(figures(house, 'imaging.turnaround', { scope: { modality: 'XR', setting: 'inpatient' } })).toMatchObject({ count: 1, max: 600, within: 1 });
    expect(figures(house, 'imaging.turnaround', { scope: { priority: 'ROUTINE' } })).toMatchObject({ count: 1, within: 1 });
  });

  test('imaging.turnaround over studies with different targets has no share within one; signed before it was complete is excluded', () => {
    expect(figures(house, 'imaging.turnaround')).toMatchObject({ count: 3, excluded: 1, within: null });
  });

  test('imaging.order_to_study', () => {
    expect(figures(house, 'imaging.order_to_study')).toMatchObject({ count: 4, max: 60, mean: (30 + 50 + 60 + 30) / 4, within: null });
    expect(figures(house, 'imaging.order_to_study', { scope: { modality: 'CT' }, from: at('09:00') })).toMatchObject({ count: 1, max: 50 });
  });

  test('imaging.pending waits for the final report, at any moment', () => {
    const pending = (time: string, scope = {}) => value(house, 'imaging.pending', { at: at(time), scope });
    expect([pending('12:00'), pending('09:05'), pending('12:00', { modality: 'CT' }), pending('12:00', { modality: 'CT', priority: 'STAT' }), pending('12:00', { setting: 'inpatient' })]).toEqual([3, 6, 1, 0, 2]);
  });

  test('imaging.pending is unknown where no order is reported', () => {
    expect(reason(house, 'imaging.pending', { scope: { modality: 'MR' } })).toMatch(/imaging\.order-created/);
    expect(value(houseOf({}, [study('report-signed', 'x', '09:00', ct)]), 'imaging.pending')).toBeNull();
  });
});

describe('pharmacy', () => {
  const house = houseOf({}, [
    drug('order-queued', 'a', '08:00', { priority: 'STAT' }),
    drug('dispensed', 'a', '08:20'),
    drug('order-queued', 'b', '08:00', { priority: 'STAT' }),
    drug('dispensed', 'b', '08:45'),
    drug('order-queued', 'b', '10:00'),
    drug('dispensed', 'b', '10:30'),
    drug('order-queued', 'c', '09:00'),
    drug('order-queued', 'd', '09:00'),
    drug('order-cancelled', 'd', '09:10'),
    drug('order-queued', 'e', '09:00', { pharmacy: 'oncology', priority: 'STAT' }),
    drug('dispensed', 'f', '09:00'),
  ]);

  test('pharmacy.turnaround: one sample each time an order was queued', () => {
    expect(figures(house, 'pharmacy.turnaround', { scope: { priority: 'STAT' } })).toMatchObject({ count: 3, excluded: 0, p50: 30, max: 45, within: 2 / 3 });
    expect(figures(house, 'pharmacy.turnaround', { from: at('10:00') })).toMatchObject({ count: 1, max: 30, within: 1 });
    expect(figures(house, 'pharmacy.turnaround', { scope: { pharmacy: 'oncology' } })).toMatchObject({ count: 0, p50: null });
  });

  test('pharmacy.backlog at any moment', () => {
    const backlog = (time: string, scope = {}) => value(house, 'pharmacy.backlog', { at: at(time), scope });
    expect([backlog('12:00'), backlog('08:10'), backlog('08:30'), backlog('09:05'), backlog('10:15'), backlog('12:00', { pharmacy: 'oncology' }), backlog('08:10', { priority: 'STAT' })]).toEqual([2, 2, 1, 3, 3, 1, 2]);
  });

  test('pharmacy.backlog is unknown where no queue is reported', () => {
    expect(reason(house, 'pharmacy.backlog', { scope: { pharmacy: 'satellite' } })).toMatch(/pharmacy\.order-queued/);
    expect(value(houseOf({}, [drug('dispensed', 'x', '09:00')]), 'pharmacy.backlog')).toBeNull();
  });
});
