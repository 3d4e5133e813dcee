import { z } from 'zod';

const rect = { x: z.number(), y: z.number(), w: z.number().positive(), h: z.number().positive() };

/** One floor-plan document (`floorplans/*.json`), in logical pixels of a 1920 x 1080 wall's content area. */
export const floorPlanSchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, ".", "_" and "-"'),
  title: z.string(),
  subtitle: z.string().optional(),
  width: z.number().positive(),
  height: z.number().positive(),
  units: z.array(
    z.object({
      unit: z.string(),
      caption: z.string().optional(),
      ...rect,
      zones: z.array(z.object({ id: z.string(), title: z.string(), beds: z.array(z.string()), ...rect })).default([]),
      beds: z.array(z.object({ bed: z.string(), ...rect })),
    }),
  ),
});
export type FloorPlan = z.output<typeof floorPlanSchema>;
