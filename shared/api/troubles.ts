import { z } from 'zod';
import { SOURCE_TROUBLES, STATION_TROUBLES } from '../sources.ts';

export const troubleNameSchema = z.enum([...SOURCE_TROUBLES, ...STATION_TROUBLES]);

/** One thing that is wrong now; `source` is absent for the station itself. */
export const troubleSchema = z.strictObject({ state: troubleNameSchema, source: z.string().optional(), detail: z.string() });
