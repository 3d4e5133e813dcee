/** One over the other; null when there is nothing to divide by. */
export const ratio = (numerator: number, denominator: number): number | null => (denominator === 0 ? null : numerator / denominator);

/** Beds that will be occupied once all decisions already made are carried out. */
export const bedsAfterDecisions = (u: {
  readonly occupied: number;
  readonly pendingDischarges: number;
  readonly pendingTransfersOut: number;
  readonly pendingTransfersIn: number;
  readonly assignedAdmissions: number;
}): number => u.occupied - u.pendingDischarges - u.pendingTransfersOut + u.pendingTransfersIn + u.assignedAdmissions;

/** Gross value of what is discharged and not final billed, in days of average gross revenue. HFMA MAP Keys. */
export const dnfbDays = (dischargedNotFinalBilledGross: number, averageDailyGrossRevenue: number): number | null =>
  ratio(dischargedNotFinalBilledGross, averageDailyGrossRevenue);

/** Net accounts receivable in days of average net patient service revenue. HFMA MAP Keys. */
export const arDays = (netAr: number, averageDailyNetRevenue: number): number | null => ratio(netAr, averageDailyNetRevenue);

/** Arithmetic mean; null of nothing. */
export const mean = (numbers: readonly number[]): number | null => ratio(numbers.reduce((a, b) => a + b, 0), numbers.length);

/** Mean of the known shares (0-1) by weight; null when none is known. */
export function weightedShare(parts: readonly { readonly weight: number; readonly share: number | null }[]): number | null {
  const told = parts.flatMap(({ weight, share }) => (share === null ? [] : [{ weight, share }]));
  return ratio(told.reduce((sum, { weight, share }) => sum + weight * share, 0), told.reduce((sum, { weight }) => sum + weight, 0));
}
