import { describe, expect, it } from 'vitest';
import { bedNow } from '../../../electron/core/domain/beds/now.ts';
import { at, happened, houseWith } from './given.ts';
import { admitted, adt, bed, config, in12, now, status } from './given-ward.ts';

describe('a bed now', () => {
  it('is unknown until somebody speaks of it', () => {
    expect(now()).toEqual({ unit: '4E', bed: '12', status: 'unknown', since: null });
  });
  it('is free from the start where no system reports cleaning and the bed is configured', () => {
    const house = houseWith(config({ dirtyOnVacate: false }), bed('08:00', 'reserved', { bed: '99' }));
    expect(bedNow(house, '4E/12', at('12:00')).status).toBe('available');
    expect(bedNow(house, '4E/99', at('12:00')).status).toBe('unknown');
  });
  it('is occupied by the patient whose open stay is in it, with all marks', () => {
    expect(
      now(
        admitted('08:00', 'V1', in12),
        adt('08:10', 'updated', 'V1', { acuity: 2, isolation: 'droplet' }),
        adt('09:00', 'discharge-pending', 'V1'),
        adt('09:00', 'transfer-pending', 'V1', { to: { unit: 'MICU' } }),
        happened('09:10', 'icu.ventilator-status-changed', { encounter: 'V1', ventilated: true }),
      ),
    ).toEqual({ unit: '4E', bed: '12', status: 'occupied', since: at('08:00'), encounter: 'V1', acuity: 2, isolation: 'droplet', ventilated: true, leaving: true, moving: true });
  });
  it('is dirty once vacated, until housekeeping speaks', () => {
    const left = [admitted('08:00', 'V1', in12), adt('10:00', 'discharged', 'V1')];
    expect(now(status('07:00', 'available'), ...left)).toMatchObject({ status: 'dirty', since: at('10:00') });
    expect(now(...left, bed('10:30', 'cleaning-completed'))).toMatchObject({ status: 'available', since: at('10:30') });
    expect(bedNow(houseWith(config({ dirtyOnVacate: false }), ...left), '4E/12', at('12:00'))).toMatchObject({ status: 'available', since: at('10:00') });
  });
  it('is as before when the move out of it is withdrawn', () => {
    const moved = [admitted('08:00', 'V1', in12), adt('10:00', 'transferred', 'V1', { location: { unit: 'MICU', bed: '1' } })];
    expect(now(...moved).status).toBe('dirty');
    expect(now(...moved, adt('10:10', 'transfer-cancelled', 'V1'))).toMatchObject({ status: 'occupied', since: at('08:00') });
  });
  it('is blocked before anything but a patient', () => {
    expect(now(status('07:00', 'dirty'), bed('08:00', 'blocked', { reason: 'RN' }))).toMatchObject({ status: 'blocked', since: at('08:00'), reason: 'RN' });
    expect(now(bed('08:00', 'blocked', { reason: 'RN' }), admitted('09:00', 'V1', in12))).toMatchObject({ status: 'occupied' });
    expect(now(admitted('08:00', 'V1', in12), bed('09:00', 'blocked', { reason: 'RN' }))).toMatchObject({ status: 'occupied', conflict: { source: 'bed', says: 'blocked' } });
  });
  it('shows how far a cleaning has come, if it has an expected length', () => {
    expect(now(bed('11:30', 'cleaning-started', { expectedMinutes: 40 }))).toMatchObject({ status: 'cleaning', cleaningProgress: 0.75 });
    expect(now(bed('10:00', 'cleaning-started', { expectedMinutes: 40 }))).toMatchObject({ cleaningProgress: 1 });
    expect(now(bed('11:30', 'cleaning-started'))).toMatchObject({ cleaningProgress: null });
  });
  it('is assigned when free and kept; a dirty one is dirty with somebody incoming', () => {
    const reserved = bed('09:00', 'reserved', { encounter: 'V2', expectedAt: '2026-01-10T13:00:00Z' });
    const incoming = { encounter: 'V2', since: at('09:00'), expectedAt: at('13:00') };
    expect(now(status('08:00', 'available'), reserved)).toMatchObject({ status: 'assigned', since: at('09:00'), incoming });
    expect(now(status('08:00', 'dirty'), reserved)).toMatchObject({ status: 'dirty', since: at('08:00'), incoming });
    expect(now(admitted('08:00', 'V1', in12), reserved)).toMatchObject({ status: 'occupied', encounter: 'V1', incoming });
  });
  it('is kept no longer once a patient took it, or the one it was kept for left', () => {
    const reserved = bed('09:00', 'reserved', { encounter: 'V2' });
    expect(now(reserved, admitted('10:00', 'V2', in12))).not.toHaveProperty('incoming');
    expect(now(status('08:00', 'available'), reserved, admitted('10:00', 'V3', in12), adt('11:00', 'discharged', 'V3'))).toMatchObject({ status: 'dirty' });
    expect(now(status('08:00', 'available'), reserved, admitted('08:30', 'V2', { unit: 'MICU' }), adt('09:30', 'discharged', 'V2')).status).toBe('available');
  });
  it('in the emergency department is the treatment space', () => {
    const house = houseWith(
      config(),
      happened('08:00', 'ed.arrived', { encounter: 'V5', patient: { id: 'P5' } }),
      happened('08:30', 'ed.roomed', { encounter: 'V5', space: 'A1' }),
      happened('09:00', 'ed.admission-decided', { encounter: 'V5', toUnit: '4E' }),
    );
    expect(bedNow(house, 'ED/A1', at('12:00'))).toMatchObject({ status: 'occupied', since: at('08:30'), boardingSince: at('09:00') });
  });
});

describe('when two systems disagree about a bed', () => {
  const lying = admitted('08:00', 'V1', in12);
  it('a word from before the placement is overtaken', () => {
    expect(now(status('07:59', 'dirty'), lying)).toEqual({ unit: '4E', bed: '12', status: 'occupied', since: at('08:00'), encounter: 'V1' });
  });
  it.each(['bed', 'vigil'])('who stands at the bed (%s) knows that it is dirty, and the chart is shown as the loser', (source) => {
    expect(now(lying, status('10:00', 'dirty', source))).toMatchObject({ status: 'dirty', since: at('10:00'), encounter: 'V1', conflict: { source: 'ehr', says: 'occupied' } });
  });
  it('a bed that was dirtied and cleaned since the placement is free', () => {
    expect(now(lying, bed('10:00', 'cleaning-requested'), bed('11:00', 'cleaning-completed'))).toMatchObject({ status: 'available', conflict: { source: 'ehr', says: 'occupied' } });
  });
  it('a cleaning that began before the placement and is reported late frees nothing', () => {
    expect(now(bed('07:30', 'cleaning-requested'), lying, bed('08:05', 'cleaning-completed'))).toMatchObject({ status: 'occupied', conflict: { source: 'bed', says: 'available' } });
  });
  it('a bare "available" does not give away a bed in use', () => {
    expect(now(lying, status('10:00', 'available', 'vigil'))).toMatchObject({ status: 'occupied', conflict: { source: 'vigil', says: 'available' } });
  });
  it('the chart outweighs a status that only another system repeats', () => {
    expect(now(lying, status('10:00', 'dirty', 'ehr'))).toMatchObject({ status: 'occupied', conflict: { source: 'ehr', says: 'dirty' } });
  });
  it('a system to which the site gives the last word on beds stands at the bed', () => {
    const given = config({ sources: [{ kind: 'flow', instance: 'rtls', authority: ['bed-status'] }] });
    const said = [lying, status('10:00', 'dirty', 'flow')];
    expect(bedNow(houseWith(given, ...said), '4E/12', at('12:00'))).toMatchObject({ status: 'dirty', conflict: { source: 'ehr', says: 'occupied' } });
    expect(now(...said)).toMatchObject({ status: 'occupied', conflict: { source: 'flow', says: 'dirty' } });
  });
  it('two patients charted in one bed are a conflict; who came last is shown', () => {
    const second = happened('09:00', 'icu.admitted', { encounter: 'V2', unit: '4E', bed: '12' });
    expect(now(lying, admitted('09:00', 'V2', in12))).toMatchObject({ status: 'occupied', encounter: 'V2', conflict: { source: 'ehr', says: 'occupied' } });
    expect(now(happened('09:30', 'adt.admitted', { encounter: 'V1', patient: { id: 'P1' }, location: in12 }), second)).toMatchObject({ encounter: 'V1', conflict: { source: 'icu', says: 'occupied' } });
    expect(now(lying, admitted('09:00', 'V2', in12), adt('09:10', 'admit-cancelled', 'V2'))).toEqual({ unit: '4E', bed: '12', status: 'occupied', since: at('08:00'), encounter: 'V1' });
  });
  it('agreement is no conflict', () => {
    expect(now(lying, status('10:00', 'occupied'))).not.toHaveProperty('conflict');
  });
});
