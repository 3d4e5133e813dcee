import { z } from 'zod';

/** A moment, epoch ms. */
export const at = () => z.number();

/** Null when unknown. */
export const known = () => z.number().nullable();

export const severitySchema = z.enum(['normal', 'warn', 'crit']);

export const scopeSchema = z.record(z.string(), z.string()).readonly();

/** What a board needs to know about plain counts: the moment they hold for, and the sources behind them. */
export const counted = { at: at(), feeds: z.array(z.string()).readonly() };
