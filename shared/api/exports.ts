import { z } from 'zod';
import { AUDIT_OUTCOMES } from './audit.ts';
import { SNAPSHOT_FAMILIES } from '../snapshots/families.ts';
import { moment } from './fields.ts';
import { defineOperation } from './operation.ts';

export const EXPORT_FORMATS = ['csv', 'xlsx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_MEDIA = { csv: 'text/csv; charset=utf-8', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } as const satisfies Record<ExportFormat, string>;

const FAMILY_NAMES = SNAPSHOT_FAMILIES.map(({ name }) => name) as [string, ...string[]];
export const SERIES_STEPS = ['1m', '15m', '1h', '1d'] as const;

/** `format` wins over the Accept header; CSV unless told. `bom` begins a CSV with the mark by which Excel knows UTF-8. */
const shape = { format: z.enum(EXPORT_FORMATS).optional(), bom: z.enum(['true', 'false']).optional() };
const range = { from: moment().optional(), to: moment().optional() };

const media = [EXPORT_MEDIA.csv, EXPORT_MEDIA.xlsx] as const;
/** What leaves as a file may be no more than what may be seen. */
const usual = { method: 'GET', tag: 'exports', permission: 'exports.read', also: 'views.read', media, answer: z.string(), audited: true } as const;
const REST = 'CSV or XLSX by `format` or Accept. Streamed: a file whose transfer broke off has no proper end. A moment stands twice, in the site\'s zone and in UTC.';

export const exportEvents = defineOperation({
  ...usual, id: 'exportEvents', path: '/exports/events', summary: 'The log as a file, in the order of event time', also: 'sources.read',
  description: `Pseudonyms, never names. ${REST}`, query: z.strictObject({ ...shape, ...range }),
});

export const exportSources = defineOperation({
  ...usual, id: 'exportSources', path: '/exports/sources', summary: 'The sources with their figures as a file', also: 'sources.read', description: REST, query: z.strictObject(shape),
});

export const exportLetters = defineOperation({
  ...usual, id: 'exportLetters', path: '/exports/dead-letters', summary: 'Refused messages with their reasons as a file, in the order in which they came', also: 'sources.read',
  description: `Without bodies. ${REST}`, query: z.strictObject({ ...shape, ...range }),
});

export const exportBeds = defineOperation({ ...usual, id: 'exportBeds', path: '/exports/beds', summary: 'Every bed as it stands, as a file', description: REST, query: z.strictObject(shape) });

export const exportSnapshots = defineOperation({
  ...usual, id: 'exportSnapshots', path: '/exports/snapshots/{family}', summary: 'The history of a snapshot family as a file; that of KPIs is the family kpi',
  description: `What held in from <= t < to. ${REST}`, params: z.strictObject({ family: z.enum(FAMILY_NAMES) }), query: z.strictObject({ ...shape, ...range }),
});

export const exportAudit = defineOperation({
  ...usual, id: 'exportAudit', path: '/exports/audit', summary: 'The audit trail as a file, the newest first', also: 'audit.read', description: REST,
  query: z.strictObject({ ...shape, ...range, action: z.string().max(64).optional(), actor: z.string().max(64).optional(), outcome: z.enum(AUDIT_OUTCOMES).optional() }),
});

export const exportSeries = defineOperation({
  ...usual, id: 'exportSeries', path: '/exports/series/{metric}', summary: 'The trend of a metric in every scope in which it was sampled, as a file',
  description: `Minutes, or rollups by \`step\` that have closed. ${REST}`, params: z.strictObject({ metric: z.string().max(128) }),
  query: z.strictObject({ ...shape, ...range, step: z.enum(SERIES_STEPS).default('1h') }),
});
