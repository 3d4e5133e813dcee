import { z } from 'zod';

/** What a column holds besides metrics: a count, a code, a yes or no, a moment (epoch ms), a plain number. */
export type FactKind = 'count' | 'text' | 'flag' | 'time' | 'number';

/** One metric value of a family: which figure of which metric, of now or of the site's day so far. */
export interface MetricColumn {
  readonly metric: string;
  readonly figure?: 'p50' | 'p90';
  readonly window: 'now' | 'today';
}

/** One family of snapshots: what it speaks of, and what it says. Counts, codes and times only: snapshots may leave the site. */
export interface SnapshotFamily {
  readonly name: string;
  /** Name of its table. */
  readonly table: string;
  readonly title: string;
  /** Fields that name what a row speaks of; an empty one stands for the whole department. */
  readonly subject: readonly string[];
  /** Each may be null: not said, or it does not apply. */
  readonly facts: Readonly<Record<string, FactKind>>;
  readonly metrics: readonly MetricColumn[];
}

/** Name of a metric value within a snapshot: the metric's id, and the figure of a distribution. */
export const metricKey = ({ metric, figure }: Pick<MetricColumn, 'metric' | 'figure'>): string => (figure === undefined ? metric : `${metric}.${figure}`);

export type Fact = string | number | boolean | null;

/** One snapshot as the API and the command give it. */
export interface Snapshot {
  /** Since when it holds, epoch ms. */
  readonly at: number;
  readonly subject: Readonly<Record<string, string | null>>;
  readonly facts: Readonly<Record<string, Fact>>;
  /** Values by metric id; null where it is unknown. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Why a fact or metric is null, by its name. */
  readonly unknown: Readonly<Record<string, string>>;
}

const FACT: Readonly<Record<FactKind, () => z.ZodType>> = {
  count: () => z.int().min(0).nullable(),
  text: () => z.string().max(512).nullable(),
  flag: () => z.boolean().nullable(),
  time: () => z.int().nullable(),
  number: () => z.number().nullable(),
};

/** Schema of the snapshots of a family: no field more, none less. */
export function snapshotSchema(family: SnapshotFamily): z.ZodType<Snapshot> {
  const names = [...Object.keys(family.facts), ...family.metrics.map(metricKey)];
  return z.strictObject({
    at: z.int(),
    subject: z.strictObject(Object.fromEntries(family.subject.map((field) => [field, z.string().max(256).nullable()]))),
    facts: z.strictObject(Object.fromEntries(Object.entries(family.facts).map(([name, kind]) => [name, FACT[kind]()]))),
    metrics: z.strictObject(Object.fromEntries(family.metrics.map((column) => [metricKey(column), z.number().nullable()]))),
    unknown: z.partialRecord(z.enum(names as [string, ...string[]]), z.string()),
  }) as unknown as z.ZodType<Snapshot>;
}
