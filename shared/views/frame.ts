import { z } from 'zod';
import type { TroubleName } from '../sources.ts';
import { at } from './fields.ts';

/** View `frame`: what every screen's header and footer need. One item, key `frame`, and one `feed:<source>` each. */
export interface FrameItem {
  site: string;
  title: string;
  timezone: string;
  beds: number;
  clock: {
    mode: 'wall' | 'replay' | 'demo';
    /** Site time (epoch ms) at the moment `sentAt` (epoch ms of the core's machine), and how fast it runs. */
    at: number;
    sentAt: number;
    speed: number;
  };
  /** True when any event on screen was constructed by an importer. */
  constructed: boolean;
  privacy: 'no-phi';
  /** Link of the core to the broker. */
  broker: 'connected' | 'connecting' | 'lost';
  deadLetters: number;
  /** What is wrong with the station itself, by name; absent when nothing is. */
  troubles?: TroubleName[];
}

/**
 * Freshness of one kind of source: last contact, not age of the last change. Times are epoch ms of the site's clock.
 * Of several instances it is the one nearest to its silence limit; `instance` then says which.
 */
export const feedItemSchema = z.strictObject({
  source: z.string(),
  title: z.string(),
  instance: z.string().optional(),
  instances: z.int().optional(),
  /** Null: registered, and never heard. */
  lastContact: at().nullable(),
  intervalSeconds: z.number(),
  silenceLimitSeconds: z.number(),
});
export type FeedItem = z.output<typeof feedItemSchema>;
