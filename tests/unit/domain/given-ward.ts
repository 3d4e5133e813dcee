import { bedNow } from '../../../electron/core/domain/beds/now.ts';
import { at, happened, houseWith } from './given.ts';

const site = {
  units: [
    { id: '4E', name: '4 East', kind: 'ward', beds: ['11', '12', '13'] },
    { id: 'MICU', name: 'MICU', kind: 'icu', beds: ['1', '2'] },
    { id: 'ED', name: 'Emergency', kind: 'ed', beds: ['A1', 'A2'] },
  ],
} as const satisfies { units: unknown };
const input = structuredClone(site) as unknown as Parameters<typeof houseWith>[0];
export const config = (more: object = {}) => ({ ...input, ...more });

export const admitted = (clock: string, encounter: string, location: object) => happened(clock, 'adt.admitted', { encounter, patient: { id: encounter }, location });
export const adt = (clock: string, type: string, encounter: string, more: object = {}) => happened(clock, `adt.${type}`, { encounter, ...more });
export const bed = (clock: string, type: string, more: object = {}, source = 'bed') => happened(clock, `bed.${type}`, { unit: '4E', bed: '12', ...more }, { source });
export const status = (clock: string, value: string, source = 'bed') => bed(clock, 'status-changed', { status: value }, source);
export const in12 = { unit: '4E', unitKind: 'ward', bed: '12' };
export const now = (...events: ReturnType<typeof happened>[]) => bedNow(houseWith(config(), ...events), '4E/12', at('12:00'));
