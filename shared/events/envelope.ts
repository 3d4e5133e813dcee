import { z } from 'zod';

/** Systems that publish domain events; `vigil` is what people enter at a desk or kiosk. */
export const SOURCES = [
  'ehr', 'bed', 'ed', 'or', 'icu', 'lis', 'ris', 'pharmacy', 'rcm',
  'booking', 'flow', 'staff', 'resource', 'comms', 'billing', 'vigil',
] as const;
export type SourceName = (typeof SOURCES)[number];

const SOURCE_URI = /^\/\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)$/;
const name = () => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

/** CloudEvents 1.0 envelope, structured JSON form, before its `data` is checked against the type's own schema. */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(256),
  /** `//{tenant}/{site}/{source}/{instance}` */
  source: z.string().max(256).regex(SOURCE_URI),
  type: z.string().min(1).max(128),
  time: z.iso.datetime({ offset: true }),
  subject: z.string().max(256).optional(),
  datacontenttype: z.literal('application/json').optional(),
  dataschema: z.string().max(512).optional(),
  tenant: name().optional(),
  site: name().optional(),
  /** Grows within one source instance; CloudEvents' own sequence extension is a string, so digits are taken too. */
  sequence: z.union([z.int().min(0), z.string().regex(/^\d{1,15}$/).transform(Number)]).optional(),
  correlationid: z.string().max(256).optional(),
  /** Comma-separated names of data fields that were constructed by an importer, not reported by a system. */
  constructed: z.string().max(256).optional(),
  data: z.record(z.string(), z.unknown()),
});
export type Envelope = z.output<typeof envelopeSchema>;

/** The parts of a CloudEvents `source` of Vigil's form; undefined if it has another form. */
export function parseSource(uri: string): { tenant: string; site: string; source: string; instance: string } | undefined {
  const m = SOURCE_URI.exec(uri);
  return m ? { tenant: m[1]!, site: m[2]!, source: m[3]!, instance: m[4]! } : undefined;
}

/** The system's name in a CloudEvents `source` of Vigil's form, its third part. Called for every folded bed event. */
export function sourceName(uri: string): string {
  const start = uri.indexOf('/', uri.indexOf('/', 2) + 1) + 1;
  return uri.slice(start, uri.indexOf('/', start));
}

/**
 * One accepted event as log, folds and hash see it: checked, in UTC, without personal values.
 * `time` is epoch milliseconds.
 */
export interface DomainEvent<D = Record<string, unknown>> {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly time: number;
  readonly sequence?: number;
  readonly constructed?: string;
  readonly data: D;
}
