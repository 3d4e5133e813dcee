const NAMES = [
  'occ', 'on-occ', 'band-edge', 'avail', 'avail-tint', 'dirty', 'dirty-tint', 'blk', 'line-2', 'plan', 'plan-tx', 'plan-tint', 'on-plan',
  'tx-1', 'tx-2', 'tx-3', 'bg', 'sunk', 'crit', 'crit-tx', 'on-crit', 'warn', 'warn-tx', 'warn-edge', 'on-warn', 'info', 'on-info', 'acuity-off',
  'zone-0', 'zone-1', 'zone-2', 'zone-3', 'surface', 'hatch',
] as const;

/** Colours for canvas drawing, read from the tokens of the theme in force. */
export type Palette = Readonly<Record<(typeof NAMES)[number], string>>;

export function readPalette(root: Element = document.documentElement): Palette {
  const style = getComputedStyle(root);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Palette;
}

export const FAMILY = '"Inter Variable", Inter, "Noto Sans", sans-serif';

/** 1u in px of the logical canvas. */
export const unitType = (u: number): number => u * 1.376;
