import { z } from 'zod';

const days = (byDefault: number) => z.number().positive().max(36_500).default(byDefault);

/** How long each class of data is kept, in days, counted on the site's clock. */
export const retentionSchema = z.object({
  /** The event log. What is older is folded into a baseline; state stays. */
  events: days(90),
  /** State of what is over (stays, orders, cases, claims), after anything new was last said of it. */
  entities: days(400),
  /** Baselines behind the log, one a day: how far back the state of a past day can be asked for. */
  baselines: days(400),
  /** A person's record in the vault, after anything new was last said of them. */
  persons: days(400),
  /** Reasons of refused messages; their bodies, which may hold personal data, go earlier. */
  deadLetters: days(90),
  deadLetterBodies: days(30),
  /** Raw samples of trends (one a minute), and their rollups. */
  samples: days(14),
  rollups15m: days(90),
  rollups1h: days(400),
  rollups1d: days(3_650),
  /** Rows of the snapshot tables. */
  snapshots: days(90),
});
export type Retention = z.output<typeof retentionSchema>;
