import type { Scope } from './metrics/result.ts';
import type { SiteConfig } from './site.ts';

/** Stages of flow, each with the metric that counts who or what waits in it; `byUnit`: also counted for one unit. */
export const STAGES = {
  'waiting-in-ed': { metric: 'ed.waiting', byUnit: false },
  boarding: { metric: 'ed.boarders', byUnit: false },
  'beds-to-clean': { metric: 'beds.dirty', byUnit: true },
  'ready-for-step-down': { metric: 'icu.step_down_ready', byUnit: true },
  'lab-orders-pending': { metric: 'lab.pending', byUnit: false },
  'imaging-orders-pending': { metric: 'imaging.pending', byUnit: false },
  'pharmacy-backlog': { metric: 'pharmacy.backlog', byUnit: false },
} as const;
export type Stage = keyof typeof STAGES;
export const STAGE_NAMES = Object.keys(STAGES) as [Stage, ...Stage[]];

/** How a count stands to its limit. At the limit nobody more should come in. */
export const WIP_STATES = ['within', 'at-limit', 'over'] as const;
export type WipState = (typeof WIP_STATES)[number];

export const wipState = (count: number, limit: number): WipState => (count > limit ? 'over' : count === limit ? 'at-limit' : 'within');

/** The limit that a site sets for what a metric counts in a scope; undefined where it sets none. A limit of the site is none of its units. */
export function wipLimit(metric: string, scope: Scope, { wipLimits }: Pick<SiteConfig, 'wipLimits'>): number | undefined {
  if (wipLimits.length === 0 || Object.keys(scope).some((key) => key !== 'unit')) return undefined;
  return wipLimits.find(({ stage, unit }) => STAGES[stage].metric === metric && unit === scope.unit)?.limit;
}
