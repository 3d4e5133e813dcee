import { z } from 'zod';

const positive = z.number().positive();

/** Rising probabilities from 0 to 1 with values that never fall: a distribution no family fits, piecewise linear. */
const quantileTable = z
  .array(z.tuple([z.number().min(0).max(1), z.number()]))
  .min(2)
  .refine((points) => points[0]![0] === 0 && points.at(-1)![0] === 1, 'the first probability is 0 and the last is 1')
  .refine((points) => points.every((point, i) => i === 0 || point[0] > points[i - 1]![0]), 'probabilities rise')
  .refine((points) => points.every((point, i) => i === 0 || point[1] >= points[i - 1]![1]), 'values do not fall');

/**
 * A distribution as parameter files write it, `{ lognormal: { median: 12, sigma: 0.8 } }`. Its unit is that of the
 * parameter. Parameters are those an operator can read: a median or a mean rather than a log-mean or a rate.
 */
export const distributionSchema = z.union([
  z.strictObject({ constant: z.number() }),
  z.strictObject({ uniform: z.strictObject({ from: z.number(), to: z.number() }).refine((u) => u.from < u.to, 'from lies below to') }),
  z.strictObject({ exponential: z.strictObject({ mean: positive }) }),
  /** `sigma` is the standard deviation of the logarithm. */
  z.strictObject({ lognormal: z.strictObject({ median: positive, sigma: positive }) }),
  z.strictObject({ gamma: z.strictObject({ mean: positive, shape: positive }) }),
  /** `scale` is the value that 63.2% stay below. */
  z.strictObject({ weibull: z.strictObject({ scale: positive, shape: positive }) }),
  z.strictObject({ quantiles: quantileTable }),
]);

export type Distribution = z.infer<typeof distributionSchema>;
export type QuantilePoint = readonly [probability: number, value: number];
