import { z } from 'zod';

/** A moment in a request: ISO 8601 with its offset; handlers get epoch ms. */
export const moment = () => z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** A moment in an answer: epoch ms. */
export const epochMs = () => z.number();

/** Names that tenants, sites, instances, units and rooms go by. */
export const name = (most = 64) => z.string().min(1).max(most);

/** Where a list goes on: opaque, from the answer before. */
export const cursor = () => z.string().min(1).max(256);

/** How many of a list at most, and where it goes on. */
export const page = (most = 1_000, usual = 100) => ({ limit: z.coerce.number().int().min(1).max(most).default(usual), cursor: cursor().optional() });

/** One page of a list; `next` is absent on the last. */
export const pageOf = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item), next: cursor().optional() });
