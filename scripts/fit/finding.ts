import type { DataSet } from '#core/simulate/parameters.ts';
import type { Fit } from './families.ts';
import { fit } from './families.ts';

/** What a data set says of one thing. */
export type Finding = {
  title: string;
  from: DataSet;
  unit: string;
  n: number;
  /** Where it is a parameter: its place in resources/demo/parameters.yaml, and its value. */
  parameter?: { path: string; value: unknown; note?: string };
  /** Where it is a measure of the running hospital: its name in resources/demo/observed.yaml. */
  observed?: string;
  fit?: Fit;
};

type About = { title: string; from: DataSet; unit: string; observed?: string; note?: string };

/** A duration: fitted, and a parameter where it has a path. */
export function duration(values: readonly number[], about: About, path?: string): Finding {
  const { note, ...rest } = about;
  const fitted = fit(values);
  return { ...rest, n: fitted.n, fit: fitted, ...(path && { parameter: { path, value: fitted.of, ...(note && { note }) } }) };
}

/** A share of cases: how many of how many. */
export function part(of: number, all: number, about: About, path: string): Finding {
  const { note, ...rest } = about;
  return { ...rest, n: all, parameter: { path, value: Number((of / all).toFixed(4)), ...(note && { note }) } };
}

/** Relative frequencies, such as those of 24 hours. */
export function frequencies(counts: readonly number[], about: About, path: string): Finding {
  const { note, ...rest } = about;
  return { ...rest, n: counts.reduce((sum, count) => sum + count, 0), parameter: { path, value: counts, ...(note && { note }) } };
}
