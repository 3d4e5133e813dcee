import { z } from 'zod';

/** A board as the page's address names it: `overview`, `or`, `floorplan`, `floorplan/<plan>` or, at a desk, `settings`. */
const boardSchema = z.string().regex(/^(overview|or|settings|floorplan(\/[A-Za-z0-9._-]+)?)$/, 'overview, or, floorplan, floorplan/<plan> or settings');

/**
 * What is known of a display without trusting its id, which changes with ports, drivers and restarts.
 * Sizes and origin are native pixels of the desktop.
 */
export const fingerprintSchema = z.object({
  /** Name the system gives it, mostly from the display's own EDID; often empty, and equal for equal models. */
  label: z.string().default(''),
  width: z.int().positive(),
  height: z.int().positive(),
  x: z.int(),
  y: z.int(),
  internal: z.boolean().default(false),
});
export type Fingerprint = z.output<typeof fingerprintSchema>;

export const screenSchema = z.object({
  display: fingerprintSchema,
  /** One board, or several shown in turn. */
  boards: z.array(boardSchema).min(1),
  /** Seconds a board stays, where there are several. */
  rotateSeconds: z.int().min(5).max(3600).default(30),
  /** Size of the design unit in CSS pixels, for walls that are read from afar. */
  u: z.number().min(8).max(80).optional(),
  theme: z.enum(['dark', 'light']).default('dark'),
});
export type Screen = z.output<typeof screenSchema>;

/** Which boards a station shows on which displays. */
export const layoutSchema = z.object({
  role: z.enum(['wall', 'desk', 'kiosk']).default('wall'),
  /** No way out for passers-by: no closing, no reloading, no other window. */
  kiosk: z.boolean().default(false),
  screens: z.array(screenSchema).default([]),
});
export type Layout = z.output<typeof layoutSchema>;
