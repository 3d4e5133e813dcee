import { z } from 'zod';
import { instant } from '#shared/events/fields.ts';
import { MetricError } from '../errors.ts';

export const amount = () => z.number();
export const nonNegative = () => z.number().min(0);
export const positive = () => z.number().positive();
export const patients = () => z.int().min(0);

/** RFC 3339 time with offset, as epoch ms. */
export const time = () => instant().transform((text) => Date.parse(text));

/** A strict object: a misspelt name is an error and not a missing number. */
export const fields = z.strictObject;

/** The checked input. @throws MetricError with the path of the first field that is wrong and what was expected there. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = deepest(parsed.error.issues);
  const path = issue.path.join('.');
  throw new MetricError(path === '' ? 'input' : `input.${path}`, `${path === '' ? 'input' : path}: ${issue.message}`);
}

/** For alternatives, the issue of the alternative that came furthest: the one the caller meant. */
function deepest(issues: readonly z.core.$ZodIssue[]): { path: readonly PropertyKey[]; message: string } {
  const [issue] = issues;
  if (issue?.code !== 'invalid_union') return issue ?? { path: [], message: 'not valid' };
  const inner = issue.errors.map((of) => deepest(of)).sort((a, b) => b.path.length - a.path.length)[0];
  if (inner === undefined || inner.path.length === 0) return { path: issue.path, message: 'takes none of the forms that this metric knows' };
  return { path: [...issue.path, ...inner.path], message: inner.message };
}
