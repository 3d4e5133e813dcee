/** Inputs of NEDOCS as Weiss 2004 defines them; waits in hours. */
export interface NedocsInput {
  readonly edPatients: number;
  readonly edBeds: number;
  readonly hospitalBeds: number;
  readonly boarders: number;
  readonly ventilated: number;
  readonly longestBoarderWaitHours: number;
  readonly lastRoomedWaitHours: number;
}

const NEDOCS_BANDS = [
  [20, 'not busy'], [60, 'busy'], [100, 'extremely busy but not overcrowded'], [140, 'overcrowded'], [180, 'severely overcrowded'],
  [Infinity, 'dangerously overcrowded'],
] as const;

/**
 * National ED Overcrowding Scale in points, held to 0-200.
 * Weiss et al., Acad Emerg Med 2004;11(1):38-50. The boarder term divides by hospital beds, not by ED beds.
 */
export function nedocs(i: NedocsInput): number {
  const score =
    -20 + 85.8 * (i.edPatients / i.edBeds) + 600 * (i.boarders / i.hospitalBeds) + 13.4 * i.ventilated +
    0.93 * i.longestBoarderWaitHours + 5.64 * i.lastRoomedWaitHours;
  return Math.min(200, Math.max(0, score));
}

/** The band that a NEDOCS score lies in. */
export const nedocsBand = (score: number): string => NEDOCS_BANDS.find(([limit]) => score <= limit)![1];
