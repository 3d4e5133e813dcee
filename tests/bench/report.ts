/** One line of a bench: what was measured, beside the floor of the same run. */
export interface Row {
  readonly what: string;
  readonly ours: number;
  readonly floor?: number;
  readonly unit: string;
  /** `rate`: more is better, the ratio is floor / ours. `cost`: less is better, the ratio is ours / floor. */
  readonly kind: 'rate' | 'cost';
  /** Goal for the ratio. */
  readonly target?: number;
  /** Goal for `ours`, in its unit. */
  readonly limit?: number;
}

const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });

export function ratio({ ours, floor, kind }: Row): number | undefined {
  if (floor === undefined) return undefined;
  return kind === 'rate' ? floor / ours : ours / floor;
}

/** Prints rows as they come, in columns. */
export function print(row: Row): void {
  const { what, ours, floor, unit, target, limit } = row;
  const times = ratio(row);
  const goal = `${target === undefined ? '' : `  goal ${target}x`}${limit === undefined ? '' : `  goal ${number(limit)} ${unit}`}`;
  process.stdout.write(`${what.padEnd(58)} ${number(ours).padStart(10)} ${unit.padEnd(4)}${floor === undefined ? '' : `  floor ${number(floor).padStart(10)}`}${times === undefined ? '' : `  = ${times.toFixed(2)}x`}${goal}\n`);
}
