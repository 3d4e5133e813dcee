import type { Direction, MetricKind } from './result.ts';

/** One entry of the metric library, as boards show it behind the "i". */
export interface MetricDefinition {
  readonly id: string;
  readonly title: string;
  /** Title of a wall's tile, one line beside the figure's name: `Lab`, printed `Lab p90`. Absent where the title is short. */
  readonly short?: string;
  /** What a tile says below its title in short words: start and end of a duration, or which definition it is. Absent where the title says it all. */
  readonly detail?: string;
  readonly kind: MetricKind;
  /** Printed unit: `min`, `h`, `d`, `%` (values are shares 0-1), `beds`, `pts`, `cases`, ... or '' for a score. */
  readonly unit: string;
  /** How long before its window begins what it counts may lie, in hours; 0 unless given. */
  readonly lookBackHours?: number;
  /** Scope keys that it can be narrowed by. */
  readonly scopes: readonly string[];
  /** The formula in words, with the start and end event of every duration. */
  readonly formula: string;
  /** Event fields (`type.field`) and configuration keys (`site.key`) it is computed from. */
  readonly inputs: readonly string[];
  readonly source: string;
  readonly direction: Direction;
  readonly warn?: number;
  readonly crit?: number;
  /** Bounds of "normal" where they are not the warn threshold itself. */
  readonly normal?: readonly [number | null, number | null];
  /** Thresholds that depend on a scope value, e.g. `{ 'priority=STAT': { warn: 60, crit: 90 } }`. */
  readonly byScope?: Readonly<Record<string, { warn?: number; crit?: number; normal?: readonly [number | null, number | null] }>>;
  /** Fixed gauge scale. */
  readonly scale?: readonly [number, number];
  /** True where the thresholds are common practice and not a standard. */
  readonly commonPractice?: boolean;
}
