const UNITS = ['kB', 'MB', 'GB'] as const;

/** Size of a file: `842 B`, `12.4 kB`, `3.1 MB`, in one line. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes}\u00a0B`;
  const power = Math.min(UNITS.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1_000 ** power).toFixed(1)}\u00a0${UNITS[power - 1]}`;
}
