import type { MetricDefinition } from '#shared/metrics/definition.ts';
import type { Scope, ScorePart } from '#shared/metrics/result.ts';
import type { House } from '../domain/house.ts';

/** What a computation gets: the house, the question, and the definition that it answers. */
export interface Context {
  readonly house: House;
  readonly definition: MetricDefinition;
  readonly scope: Scope;
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

export interface Value {
  readonly value: number | null;
  readonly reason?: string;
  readonly parts?: readonly ScorePart[];
}

export interface Samples {
  readonly samples: readonly number[];
  readonly excluded: number;
  /** Target of the samples where the scope alone does not tell it; null when they have no common one. */
  readonly target?: number | null;
  /** Why there are no samples. */
  readonly reason?: string;
}

export type ValueOf = (context: Context) => Value;
export type SamplesOf = (context: Context) => Samples;

export const unknown = (reason: string): Value => ({ value: null, reason });
export const known = (value: number): Value => ({ value });

/** Numerator / denominator; unknown with `reason` when the denominator is 0. */
export const share = (numerator: number, denominator: number, reason: string): Value =>
  denominator === 0 ? unknown(reason) : known(numerator / denominator);

/** True when `t` is a time within the window of the question. */
export const inWindow = (context: Pick<Context, 'from' | 'to'>, t: number | undefined): t is number =>
  t !== undefined && t >= context.from && t < context.to;

/** True when `t` is a time that is not after the moment of the question. */
export const hasHappened = (context: Pick<Context, 'at'>, t: number | undefined): t is number => t !== undefined && t <= context.at;
