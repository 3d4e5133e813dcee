import { describe, expect, it } from 'vitest';
import { survivingRecord } from '../../../electron/core/domain/adt/surviving-record.ts';
import { bedNow } from '../../../electron/core/domain/beds/now.ts';
import { at, happened, houseWith } from './given.ts';

describe('merged persons', () => {
  const merge = (from: string, into: string) => happened('08:00', 'adt.merged', { patient: { id: from }, into: { id: into } });
  it('live on under the last record, also in a circle', () => {
    const chain = houseWith({}, merge('A', 'B'), merge('B', 'C'));
    expect(['A', 'B', 'C'].map((id) => survivingRecord(chain, id))).toEqual(['C', 'C', 'C']);
    const circle = houseWith({}, merge('A', 'B'), merge('B', 'A'), merge('D', 'B'));
    expect(['A', 'B', 'D'].map((id) => survivingRecord(circle, id))).toEqual(['A', 'A', 'A']);
  });
  it('are one person in a bed: two of their stays there are no conflict, two of two persons are', () => {
    const stay = (encounter: string, patient: string) => happened('07:00', 'adt.admitted', { encounter, patient: { id: patient }, location: { unit: '4E', bed: '1' } });
    const stays = [stay('V1', 'A'), stay('V2', 'B')];
    expect(bedNow(houseWith({}, ...stays), '4E/1', at('12:00')).conflict).toEqual({ source: 'ehr', says: 'occupied' });
    expect(bedNow(houseWith({}, ...stays, merge('A', 'C'), merge('B', 'C')), '4E/1', at('12:00'))).not.toHaveProperty('conflict');
  });
});
