import { reportsTransferOrders, reportsVentilation } from '../../domain/icu/reported.ts';
import { icuTransfers } from '../../domain/icu/transfers.ts';
import type { SamplesOf, ValueOf } from '../context.ts';
import { Durations } from '../durations.ts';
import { kindOfUnit } from '../../domain/units/kind.ts';
import { bedGauges, headcount } from './beds.ts';

/** The same question about the unit of the scope, or about all intensive care units. */
const inIcu =
  (answer: ValueOf): ValueOf =>
  (c) => {
    const { unit } = c.scope;
    const kind = unit === undefined ? undefined : kindOfUnit(c.house, unit);
    if (kind !== undefined && kind !== 'icu') return { value: null, reason: `unit ${unit} is no intensive care unit` };
    return answer({ ...c, scope: { ...c.scope, unit_kind: 'icu' } });
  };

const transferDelay: SamplesOf = (c) => {
  const durations = new Durations(c);
  for (const encounter of c.house.since('encounter', c.from)) {
    for (const { unit, orderedAt, leftAt } of icuTransfers(encounter)) {
      if ((c.scope.unit ?? unit) === unit) durations.add(orderedAt, leftAt);
    }
  }
  return durations.done();
};

export const icuValues = {
  'icu.occupancy_rate': inIcu(bedGauges['beds.occupancy_rate']),
  'icu.ventilated': inIcu(headcount('ventilated', reportsVentilation, 'icu.ventilator-status-changed')),
  'icu.step_down_ready': inIcu(headcount('stepDownReady', reportsTransferOrders, 'icu.transfer-ordered')),
} satisfies Record<string, ValueOf>;

export const icuSamples = { 'icu.transfer_delay': transferDelay } satisfies Record<string, SamplesOf>;
