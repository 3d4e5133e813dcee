export interface EdwinInput {
  /** Patients by ESI level, index 0 is level 1 (the most urgent). */
  readonly patientsByLevel: readonly number[];
  readonly attendings: number;
  readonly treatmentBays: number;
  readonly boarders: number;
}

/**
 * Emergency Department Work Index: sum(n_i t_i) / (N_a (B_T - B_A)) with t_i the reversed ESI, 5 for the sickest.
 * Null when no attending is on duty or boarders take every bay. Bernstein et al., Acad Emerg Med 2003;10(9):938-942.
 */
export function edwin({ patientsByLevel, attendings, treatmentBays, boarders }: EdwinInput): number | null {
  if (attendings <= 0 || boarders >= treatmentBays) return null;
  const work = patientsByLevel.reduce((sum, patients, index) => sum + patients * (5 - index), 0);
  return work / (attendings * (treatmentBays - boarders));
}

/** Active, busy or crowded, as Bernstein 2003 reads the index. */
export const edwinBand = (index: number): string => (index < 1.5 ? 'active but manageable' : index <= 2 ? 'busy' : 'crowded');
