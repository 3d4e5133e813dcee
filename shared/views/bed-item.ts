import { z } from 'zod';
import { at, known, severitySchema } from './fields.ts';

export const bedStatusSchema = z.enum(['occupied', 'available', 'dirty', 'cleaning', 'blocked', 'assigned', 'unknown']);
export type BedStatusName = z.output<typeof bedStatusSchema>;

/** One bed as a floor plan draws it. No person, no identifier. */
export const bedItemSchema = z.strictObject({
  unit: z.string(),
  bed: z.string(),
  status: bedStatusSchema,
  /** Since when, epoch ms; null when not known. */
  since: at().nullable(),
  acuity: z.number().optional(),
  isolation: z.string().optional(),
  ventilated: z.boolean().optional(),
  leaving: z.boolean().optional(),
  moving: z.boolean().optional(),
  /** The patient is still in the ED or PACU waiting: since when. */
  boardingSince: at().optional(),
  /** How bad that wait is by now. */
  boardingSeverity: severitySchema.optional(),
  /** 0-1, when cleaning has an expected duration; null when it has none. */
  cleaningProgress: known().optional(),
  reason: z.string().optional(),
  /** What the site calls this status, where its system said a word of its own. */
  label: z.string().optional(),
  /** A word of its system that the site document does not explain: the status is unknown then. */
  word: z.string().optional(),
  /** Two sources disagree about the state, or the records of two patients about who lies in it: what the losing one says. */
  conflict: z.strictObject({ source: z.string(), says: bedStatusSchema }).optional(),
  constructed: z.boolean().optional(),
});
export type BedItem = z.output<typeof bedItemSchema>;

/** What a site calls states of its beds, by the state that each is one of. */
export type StatusLabels = { readonly [K in BedStatusName]?: readonly string[] };
