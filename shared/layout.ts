import { z } from 'zod';

/** A board as the page's address names it: `overview`, `or`, `floorplan`, `floorplan/<plan>` or, at a desk, `settings`. */
export const boardSchema = z.string().regex(/^(overview|or|settings|floorplan(\/[A-Za-z0-9._-]+)?)$/, 'overview, or, floorplan, floorplan/<plan> or settings');

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

const stationName = () => z.string().regex(/^[A-Za-z0-9._-]{1,32}$/, 'letters, digits, ".", "_" and "-", up to 32');

/** What a site says of the walls of its stations. A screen that names nothing of a display is for the next one in reading order. */
export const siteLayoutsSchema = z.object({
  stations: z.array(z.object({ id: stationName(), role: layoutSchema.shape.role, kiosk: layoutSchema.shape.kiosk })).default([]).describe('Stations (`--station`) whose displays are laid out here: what they are, and whether nobody may close their windows.'),
  screens: z
    .array(
      z.object({
        station: stationName(),
        boards: screenSchema.shape.boards,
        rotateSeconds: screenSchema.shape.rotateSeconds.unwrap().optional(),
        theme: screenSchema.shape.theme.unwrap().optional(),
        u: screenSchema.shape.u,
        label: z.string().min(1).max(64).optional(),
        width: z.int().positive().optional(),
        height: z.int().positive().optional(),
        x: z.int().optional(),
        y: z.int().optional(),
      }),
    )
    .default([])
    .describe('What each display of a station shows: boards in turn, each for `rotateSeconds` s; `u` is the size of type in px. A display is named by its label, size or place in px; screens that name none take the displays from left to right.'),
});
export type SiteLayouts = z.output<typeof siteLayoutsSchema>;

/** The part of a site's layouts that is one station's. */
export interface StationLayout {
  readonly role: Layout['role'];
  readonly kiosk: boolean;
  readonly screens: readonly Omit<SiteLayouts['screens'][number], 'station'>[];
}

/** What a site says of a station's displays; undefined where it says nothing. */
export function stationLayout({ stations, screens }: SiteLayouts, name: string): StationLayout | undefined {
  const station = stations.find(({ id }) => id === name);
  const own = screens.filter(({ station: of }) => of === name).map(({ station: _, ...screen }) => screen);
  return station || own.length > 0 ? { role: station?.role ?? 'wall', kiosk: station?.kiosk ?? false, screens: own } : undefined;
}
