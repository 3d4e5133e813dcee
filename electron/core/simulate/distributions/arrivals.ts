import { z } from 'zod';

const HOURS = 24;
const DAYS = 7;

const weights = (count: number) =>
  z
    .array(z.number().min(0))
    .length(count)
    .refine((all) => all.some((weight) => weight > 0), 'some weight lies above zero');

/** Arrivals of a week in local time. Weights are relative: only their proportions count. */
export const weeklyArrivalsSchema = z.strictObject({
  /** Mean of the seven days. */
  perDay: z.number().min(0),
  /** From midnight. */
  byHour: weights(HOURS),
  /** From Monday. */
  byDay: weights(DAYS),
});
