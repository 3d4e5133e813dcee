import { z } from 'zod';

const days = (byDefault: number) => z.number().positive().max(36_500).default(byDefault);

/** Six years. */
const AUDIT = 2_192;
const AUDIT_LEAST = 30;

/** How long each class of data is kept, in days, counted on the site's clock. */
export const retentionSchema = z.object({
  events: days(90).describe('The event log. What is older is folded into a baseline; state stays.'),
  entities: days(400).describe('State of what is over (stays, orders, cases, claims), after anything new was last said of it.'),
  baselines: days(400).describe('Baselines behind the log, one a day: how far back the state of a past day can be asked for.'),
  persons: days(400).describe('A person\'s record in the vault, after they were last spoken of; never while they are in the house.'),
  deadLetters: days(90).describe('Reasons of refused messages; their bodies, which may hold personal data, go earlier.'),
  deadLetterBodies: days(30).describe('Bodies of refused messages.'),
  samples: days(14).describe('Raw samples of trends (one a minute), and their rollups.'),
  rollups15m: days(90).describe('Rollups of samples by quarters of an hour.'),
  rollups1h: days(400).describe('Rollups of samples by hours.'),
  rollups1d: days(3_650).describe('Rollups of samples by days.'),
  snapshots: days(90).describe('Rows of the snapshot tables.'),
  audit: z.number().min(AUDIT_LEAST).max(36_500).default(AUDIT).describe('The audit trail, on the clock of the machine: six years, as 45 CFR 164.316(b)(2)(i) keeps documentation. At least 30 days, so that who shortens it is still found in it.'),
});
export type Retention = z.output<typeof retentionSchema>;
