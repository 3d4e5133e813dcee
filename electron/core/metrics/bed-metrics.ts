/**
 * Metrics that rest on who tells of the beds of a unit of `kind`: of beds with a patient on the system that places patients
 * there, of all others on the bed system too.
 */
export function bedMetrics(kind: string | null): { readonly occupied: readonly string[]; readonly other: readonly string[] } {
  const placed = kind === 'ed' ? 'ed.census' : 'census.admissions';
  return { occupied: [placed], other: [placed, 'beds.occupied'] };
}
