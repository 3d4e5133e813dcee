import type { AdtState } from '../adt/state.ts';

/** The last stay of one encounter in one bed, when it is over. Epoch ms. */
export interface PastUse {
  readonly unit: string;
  readonly bed: string;
  readonly takenAt: number;
  readonly vacatedAt: number;
}

/** The beds that the patient was in and has left, each with the last stay in it. */
export function pastUses(adt: AdtState | undefined): PastUse[] {
  const uses: PastUse[] = [];
  for (const { unit, bed, from, to } of adt?.stays ?? []) {
    if (bed === undefined || to === undefined) continue;
    const i = uses.findIndex((use) => use.unit === unit && use.bed === bed);
    const use = { unit, bed, takenAt: from, vacatedAt: to };
    if (i < 0) uses.push(use);
    else if (to >= uses[i]!.vacatedAt) uses[i] = use;
  }
  return uses;
}
