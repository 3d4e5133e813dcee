import { expect, test } from 'vitest';
import { eventTypes } from '#shared/events/registry.ts';
import { evolve, isFolded } from '../../../electron/core/domain/evolve.ts';
import { folded, happened } from './given.ts';

/** Families of the practice: their own work; until then they are kept in the log and change no state. */
const CONTRACT_ONLY = ['billing', 'booking', 'comms', 'flow', 'resource', 'staff'];
/** What must have happened before, where a type takes something back or ends something. */
const BEFORE: Readonly<Record<string, string>> = {
  'adt.leave-ended': 'adt.leave-started',
  'adt.pending-cancelled': 'adt.discharge-pending',
  'adt.transfer-cancelled': 'adt.transferred',
  'adt.discharge-cancelled': 'adt.discharged',
  'bed.unblocked': 'bed.blocked',
  'bed.released': 'bed.reserved',
  'or.bed-hold-released': 'or.bed-hold-requested',
};
/** What a source says of itself stands in the registry of sources, beside the log. */
const BESIDE_THE_LOG = ['source'];

const example = (clock: string, type: string) => {
  const known = eventTypes.get(type)!;
  return happened(clock, type, { ...(known.example as Record<string, unknown>), ...('encounter' in known.example ? { encounter: 'V1' } : {}) });
};

test('every type outside the practice folds, but for those of sources', () => {
  const unfolded = [...eventTypes.keys()].filter((type) => !isFolded(type));
  expect([...new Set(unfolded.map((type) => type.split('.')[0]))].sort()).toEqual([...CONTRACT_ONLY, ...BESIDE_THE_LOG].sort());
});

test.each([...eventTypes.keys()].filter(isFolded))('%s changes the state of its entity', (type) => {
  const history: ReturnType<typeof happened>[] = [];
  if (type.startsWith('adt.') && type !== 'adt.merged' && type !== 'adt.admitted') history.push(example('07:00', 'adt.admitted'));
  if (BEFORE[type] !== undefined) history.push(example('08:00', BEFORE[type]));
  const before = folded(history);
  expect(JSON.stringify(evolve(before, example('09:00', type)))).not.toBe(JSON.stringify(before));
});
