import { z } from 'zod';

/** A refusal as RFC 9457 has it. */
export const problemSchema = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  /** What was wrong, where, and what to do. */
  detail: z.string(),
  /** Each fault of a request, by where it stands. */
  faults: z.array(z.strictObject({ in: z.enum(['params', 'query', 'body', 'headers']), path: z.string(), message: z.string() })).optional(),
});
export type ProblemBody = z.output<typeof problemSchema>;
