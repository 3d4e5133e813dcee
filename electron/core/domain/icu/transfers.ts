import type { EncounterState } from '../states.ts';
import type { Stay } from '../adt/state.ts';

/** One decision that a patient may leave intensive care. Epoch ms; `leftAt` is absent while the patient waits. */
export interface IcuTransfer {
  readonly orderedAt: number;
  readonly leftAt?: number;
  readonly unit?: string;
}

/**
 * Step-down decisions of an encounter, with the time the patient left. Where the intensive care system does not say
 * so, the end of the intensive care placement after the order counts.
 */
export function icuTransfers({ icu, adt }: EncounterState): readonly IcuTransfer[] {
  if (icu?.transferOrderedAt === undefined) return icu?.transfers ?? [];
  const orderedAt = icu.transferOrderedAt;
  const isIcu = (stay: Stay) => (stay.unitKind === undefined ? stay.unit === icu.unit : stay.unitKind === 'icu');
  const stays = adt?.stays ?? [];
  const last = stays.findIndex((stay, i) => isIcu(stay) && stay.to !== undefined && stay.to >= orderedAt && !(stays[i + 1] && isIcu(stays[i + 1]!)));
  const left = last < 0 ? undefined : stays[last]!.to;
  const unit = icu.unit ?? stays[last]?.unit;
  return [...icu.transfers, { orderedAt, ...(left === undefined ? {} : { leftAt: left }), ...(unit === undefined ? {} : { unit }) }];
}

/** Whether the patient is still in intensive care although they could leave it. */
export const isStepDownReady = (encounter: EncounterState): boolean => {
  const last = icuTransfers(encounter).at(-1);
  return last !== undefined && last.leftAt === undefined;
};
