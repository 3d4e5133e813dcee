import { assign } from '../change.ts';
import type { EncounterState } from '../states.ts';
import type { Stay } from '../adt/state.ts';

/** One decision that a patient may leave intensive care. Epoch ms; `leftAt` is absent while the patient waits, and before `orderedAt` where it was signed too late. */
export interface IcuTransfer {
  readonly orderedAt: number;
  readonly leftAt?: number;
  readonly unit?: string;
}

interface Order {
  readonly orderedAt: number;
  readonly orderedAgainAt?: number | undefined;
}

/** When the decision that stands was taken: one that was withdrawn since (HL7 A26) counts from when it was taken again. */
function standingSince({ orderedAt, orderedAgainAt }: Order, withdrawn: number | undefined): number | undefined {
  if (withdrawn === undefined || withdrawn < orderedAt) return orderedAt;
  return orderedAgainAt !== undefined && orderedAgainAt > withdrawn ? orderedAgainAt : undefined;
}

/**
 * Step-down decisions of an encounter that stand, with the time the patient left. Where the intensive care system does
 * not say so, the end of the intensive care placement after the order counts.
 */
export function icuTransfers({ icu, adt }: EncounterState): readonly IcuTransfer[] {
  if (!icu) return [];
  const done = icu.transfers.flatMap((transfer): IcuTransfer[] => {
    const { leftAt, unit } = transfer;
    // What was withdrawn after the patient had left is another decision.
    const withdrawn = adt?.transferWithdrawnAt !== undefined && adt.transferWithdrawnAt < leftAt ? adt.transferWithdrawnAt : undefined;
    const orderedAt = standingSince(transfer, withdrawn);
    return orderedAt === undefined ? [] : [assign<IcuTransfer>({ orderedAt, leftAt }, { unit })];
  });
  if (icu.transferOrderedAt === undefined) return done;
  const orderedAt = standingSince({ orderedAt: icu.transferOrderedAt, orderedAgainAt: icu.transferOrderedAgainAt }, adt?.transferWithdrawnAt);
  if (orderedAt === undefined) return done;
  const isIcu = (stay: Stay) => (stay.unitKind === undefined ? stay.unit === icu.unit : stay.unitKind === 'icu');
  const stays = adt?.stays ?? [];
  const ends = stays.filter((stay, i) => isIcu(stay) && !(stays[i + 1] && isIcu(stays[i + 1]!)));
  // Signed after the last leaving the order comes too late, and nobody waits for it.
  const left = ends.find(({ to }) => to === undefined || to >= orderedAt) ?? ends.at(-1);
  return [...done, assign<IcuTransfer>({ orderedAt }, { leftAt: left?.to, unit: icu.unit ?? left?.unit })];
}

/** Whether the patient is still in intensive care although they could leave it. */
export const isStepDownReady = (encounter: EncounterState): boolean => {
  const last = icuTransfers(encounter).at(-1);
  return last !== undefined && last.leftAt === undefined;
};
