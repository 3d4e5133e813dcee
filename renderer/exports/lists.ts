import type { Permission } from '#shared/access/roles.ts';
import {
  exportAudit, exportBeds, exportConfigHistory, exportEvents, exportLatest, exportLetters, exportMetrics, exportSeries, exportSnapshots, exportSources, exportTokens, exportUsers, type ExportFormat,
} from '#shared/api/exports.ts';

interface Choice {
  readonly title: string;
  readonly operation: { readonly id: string; readonly also: Permission; readonly query: { readonly shape: object } };
  /** What of the list must be named: a family of snapshots, or a metric. */
  readonly of?: 'family' | 'metric';
}

/** What leaves as a file, in the order in which it is offered. */
export const LISTS = {
  beds: { title: 'Beds as they stand', operation: exportBeds },
  latest: { title: 'Units, rooms, departments as they stand', operation: exportLatest, of: 'family' },
  snapshots: { title: 'History of units, beds, rooms, departments, KPIs', operation: exportSnapshots, of: 'family' },
  series: { title: 'Trend of a metric', operation: exportSeries, of: 'metric' },
  metrics: { title: 'Catalogue of metrics', operation: exportMetrics },
  sources: { title: 'Sources', operation: exportSources },
  events: { title: 'Events of the log', operation: exportEvents },
  letters: { title: 'Refused messages', operation: exportLetters },
  audit: { title: 'Audit trail', operation: exportAudit },
  'config-history': { title: 'Changes of the configuration', operation: exportConfigHistory },
  users: { title: 'Accounts', operation: exportUsers },
  tokens: { title: 'API tokens', operation: exportTokens },
} as const satisfies Record<string, Choice>;
export type ListName = keyof typeof LISTS;

export const choiceOf = (list: ListName): Choice => LISTS[list];

/** Whether a list has a span of time, and whether buckets of a width. */
export const hasSpan = (list: ListName): boolean => 'from' in choiceOf(list).operation.query.shape;
export const hasStep = (list: ListName): boolean => 'step' in choiceOf(list).operation.query.shape;

/** A list is offered to who may take files out and see the list itself. */
export const mayTake = (list: ListName, may: (permission: Permission) => boolean): boolean => may('exports.read') && may(choiceOf(list).operation.also);

/** What somebody chose; moments are ISO 8601 with an offset. */
export interface Wanted {
  readonly list: ListName;
  readonly format: ExportFormat;
  readonly of?: string | undefined;
  readonly step?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The same as its operation is asked; what does not belong to the list is left out. */
export function asked({ list, format, of, step, from, to }: Wanted): { params: Record<string, string>; query: Record<string, string> } {
  const named = choiceOf(list).of;
  const said = { format, ...(hasStep(list) ? { step } : {}), ...(hasSpan(list) ? { from, to } : {}), ...(format === 'csv' ? { bom: 'true' } : {}) };
  return { params: named === undefined ? {} : { [named]: of ?? '' }, query: Object.fromEntries(Object.entries(said).filter((pair): pair is [string, string] => pair[1] !== undefined)) };
}

