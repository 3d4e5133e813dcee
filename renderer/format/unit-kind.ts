import type { UnitKind } from '#shared/events/fields.ts';

/** What people call a kind of unit: on a wall, and where there is room. */
const NAMES: Readonly<Record<UnitKind, readonly [short: string, long: string]>> = {
  ward: ['ward', 'Ward'],
  icu: ['ICU', 'Intensive care'],
  step_down: ['step-down', 'Step-down'],
  ed: ['ED', 'Emergency department'],
  or: ['OR', 'Operating rooms'],
  pacu: ['PACU', 'Recovery (PACU)'],
  lab: ['lab', 'Laboratory'],
  imaging: ['imaging', 'Imaging'],
  pharmacy: ['pharmacy', 'Pharmacy'],
  clinic: ['clinic', 'Clinic'],
};

const named = (kind: string) => NAMES[kind as UnitKind] as (typeof NAMES)[UnitKind] | undefined;

/** `ICU`, `step-down`. */
export const shortKind = (kind: string): string => named(kind)?.[0] ?? kind;

/** `Intensive care`, `Step-down`. */
export const longKind = (kind: string): string => named(kind)?.[1] ?? kind;
