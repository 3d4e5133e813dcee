import { z } from 'zod';
import { getBottlenecks, getKpiTrend, getOccupancyTrends, getUnitPerformance } from './analytics.ts';
import { AUDIT_OUTCOMES } from './audit.ts';
import { SNAPSHOT_FAMILIES } from '../snapshots/families.ts';
import { moment } from './fields.ts';
import { API_BASE, defineOperation } from './operation.ts';

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

export const exportLatest = defineOperation({
  ...usual, id: 'exportLatest', path: '/exports/latest/{family}', summary: 'Everything of a snapshot family as it stands, as a file: units, rooms, departments, the newest KPIs',
  description: REST, params: z.strictObject({ family: z.enum(FAMILY_NAMES) }), query: z.strictObject(shape),
});

export const exportMetrics = defineOperation({
  ...usual, id: 'exportMetrics', path: '/exports/metrics', summary: 'The catalogue of metrics with the thresholds of this site as a file', description: REST, query: z.strictObject(shape),
});

export const exportUsers = defineOperation({
  ...usual, id: 'exportUsers', path: '/exports/users', summary: 'Every account with its roles as a file', also: 'users.write', description: `Whether there is a password, PIN or badge, never what it is. ${REST}`, query: z.strictObject(shape),
});

export const exportTokens = defineOperation({
  ...usual, id: 'exportTokens', path: '/exports/tokens', summary: 'Every API token with its scopes as a file, those that ended too', also: 'users.write', description: `Neither secrets nor their hashes. ${REST}`, query: z.strictObject(shape),
});

export const exportConfigHistory = defineOperation({
  ...usual, id: 'exportConfigHistory', path: '/exports/config-history', summary: 'Every change of the site document as a file, a row for each place that it changed', also: 'config.read',
  description: `Who, when, why, and the place before and after, as JSON. ${REST}`, query: z.strictObject({ ...shape, ...range }),
});

export const exportSeries = defineOperation({
  ...usual, id: 'exportSeries', path: '/exports/series/{metric}', summary: 'The trend of a metric in every scope in which it was sampled, as a file',
  description: `Minutes, or rollups by \`step\` that have closed. ${REST}`, params: z.strictObject({ metric: z.string().max(128) }),
  query: z.strictObject({ ...shape, ...range, step: z.enum(SERIES_STEPS).default('1h') }),
});

const analysed = { ...usual, description: `As the operation of the same name answers it; what is known of nothing is one row that says why. ${REST}`, problems: [404] } as const;

export const exportKpiTrend = defineOperation({ ...analysed, id: 'exportKpiTrend', path: '/exports/analytics/kpi-trends/{metric}', summary: `${getKpiTrend.summary}, as a file`, params: getKpiTrend.params, query: z.strictObject({ ...shape, ...getKpiTrend.query.shape }) });
export const exportOccupancyTrends = defineOperation({ ...analysed, id: 'exportOccupancyTrends', path: '/exports/analytics/occupancy', summary: `${getOccupancyTrends.summary}, as a file`, query: z.strictObject({ ...shape, ...getOccupancyTrends.query.shape }) });
export const exportUnitPerformance = defineOperation({ ...analysed, id: 'exportUnitPerformance', path: '/exports/analytics/units', summary: `${getUnitPerformance.summary}, as a file`, query: z.strictObject({ ...shape, ...getUnitPerformance.query.shape }) });
export const exportBottlenecks = defineOperation({ ...analysed, id: 'exportBottlenecks', path: '/exports/analytics/bottlenecks', summary: `${getBottlenecks.summary}, as a file`, query: z.strictObject({ ...shape, ...getBottlenecks.query.shape }) });

/** What a page's command for an export is answered: the file lies ready at {@link fileAddress}, for one who fetches it within a minute. */
export interface WaitingExport {
  readonly file: string;
  readonly name: string;
}

const FILE_ID = /^[\w-]{43}$/;
const waiting = z.strictObject({ file: z.string().regex(FILE_ID) });
const FILES = '/exports/files/';

/** Where a waiting file is fetched, below the origin of the page. */
export const fileAddress = (file: string): string => `${API_BASE}${FILES}${file}`;

/** The waiting file that a path names; undefined where it names none. */
export function fileOf(path: string): string | undefined {
  const [before, id = ''] = path.split(FILES);
  return before === API_BASE && FILE_ID.test(id) ? id : undefined;
}

/** `waiting`: nobody has fetched it yet. `failed`: Vigil could not go on. `left`: who fetched it took no more. */
export const FILE_STATES = ['waiting', 'sending', 'sent', 'failed', 'left', 'cancelled'] as const;
export const fileProgressSchema = z.strictObject({ state: z.enum(FILE_STATES), bytes: z.int() });
export type FileProgress = z.output<typeof fileProgressSchema>;

export const takeFile = defineOperation({
  id: 'takeFile', method: 'GET', path: `${FILES}{file}`, tag: 'exports', summary: 'A file that a page of this core has had made', permission: 'anyone',
  description: 'Pages hold no secret that a download could show: the name of the file, told to who had it made, is the right to it. Once, within a minute. What was exported stands in the audit trail under its own operation.',
  params: waiting, media, answer: z.string(), problems: [404],
});

const own = { tag: 'exports', permission: 'exports.read', params: waiting, problems: [404] } as const;

export const getFileProgress = defineOperation({ ...own, id: 'getFileProgress', method: 'GET', path: `${FILES}{file}/progress`, summary: 'How far a file has come that a page has had made', answer: fileProgressSchema });

export const cancelFile = defineOperation({ ...own, id: 'cancelFile', method: 'DELETE', path: `${FILES}{file}`, summary: 'End a file that a page has had made before it is whole', problems: [404, 503] });
