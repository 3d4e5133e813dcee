import { z } from 'zod';
import { SOURCES } from '#shared/events/envelope.ts';
import { isZone } from './times.ts';

/**
 * The mapping language, documented for integrators in docs/mapping-a-feed.md.
 * A reference names a column, or with a prefix: `let.x`, `case.x`, `row.line`, `row.of_case`, `next.column`,
 * `previous.column`, or `join.column`.
 */
const reference = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

export interface Operation {
  $from?: string | undefined;
  $text?: string | undefined;
  $first?: ValueSpec[] | undefined;
  $bed?: { unit: ValueSpec; until?: ValueSpec | undefined; restMinutes?: number | undefined } | undefined;
  $map?: string | undefined;
  $as?: 'text' | 'number' | 'integer' | 'boolean' | 'time' | undefined;
  $startOf?: 'day' | undefined;
  $max?: number | undefined;
  $default?: string | number | boolean | undefined;
}
export type ValueSpec = string | number | boolean | Operation | { [field: string]: ValueSpec };

const operation: z.ZodType<Operation> = z.strictObject({
  $from: reference.optional(),
  $text: z.string().optional(),
  $first: z.array(z.lazy(() => value)).min(1).optional(),
  $bed: z
    .strictObject({ unit: z.lazy(() => value), until: z.lazy(() => value).optional(), restMinutes: z.number().min(0).optional() })
    .optional(),
  $map: z.string().optional(),
  $as: z.enum(['text', 'number', 'integer', 'boolean', 'time']).optional(),
  $startOf: z.literal('day').optional(),
  $max: z.int().positive().optional(),
  $default: scalar.optional(),
});
const record: z.ZodType<{ [field: string]: ValueSpec }> = z.record(
  z.string().regex(/^[^$]/, 'unknown operation: use $from, $text, $first, $bed, $map, $as, $startOf, $max or $default'),
  z.lazy(() => value),
);

/** Text is a template, an object with `$` keys an operation, any other object a record of fields. */
export const isOperation = (spec: ValueSpec): spec is Operation =>
  typeof spec === 'object' && Object.keys(spec).some((key) => key.startsWith('$'));

const value: z.ZodType<ValueSpec> = z.any().superRefine((input, context) => {
  const branch = typeof input === 'object' && input !== null ? (isOperation(input as ValueSpec) ? operation : record) : scalar;
  const result = branch.safeParse(input);
  if (!result.success) for (const issue of result.error.issues) context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
});

const step = z.union([
  z.strictObject({ is: z.union([scalar, z.array(scalar)]), gives: scalar }),
  z.strictObject({ matches: z.string(), gives: scalar }),
  z.strictObject({ otherwise: scalar }),
]);
export type MapStep = z.output<typeof step>;

export type Matcher =
  | string | number | boolean
  | (string | number | boolean)[]
  | { present: boolean } | { matches: string } | { between: [string, string] } | { not: Matcher };
const matcher: z.ZodType<Matcher> = z.union([
  scalar,
  z.array(scalar).min(1),
  z.strictObject({ present: z.boolean() }),
  z.strictObject({ matches: z.string() }),
  z.strictObject({ between: z.tuple([reference, reference]) }),
  z.strictObject({ not: z.lazy(() => matcher) }),
]);
const all = z.record(reference, matcher);
/** Every entry of a record holds; of a list, any one record. */
const condition = z.union([all, z.array(all).min(1)]);
export type Condition = z.output<typeof condition>;

const assignments = z.record(z.string(), z.union([scalar, z.strictObject({ add: z.number() }), operation]));
export type Assignments = z.output<typeof assignments>;

const event = z.strictObject({
  /** Tells the events of one row apart; part of their identity. Default: the type's last part. */
  key: z.string().regex(/^[a-z0-9-]{1,32}$/).optional(),
  type: z.string(),
  when: condition.optional(),
  source: z.enum(SOURCES).optional(),
  at: value.optional(),
  data: z.record(z.string(), value),
  /** What of the event was constructed besides what the engine marks itself. */
  constructed: z.array(z.string().regex(/^[A-Za-z.]+$/)).default([]),
  /** Case state after this event. */
  then: assignments.optional(),
});
export type EventRule = z.output<typeof event>;

const zone = z.string().refine(isZone, 'not a time zone: use an IANA name such as Europe/Amsterdam or UTC');
const instance = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

export const mappingSchema = z.strictObject({
  mapping: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  version: z.literal(1),
  title: z.string().optional(),
  about: z.string().optional(),
  table: z
    .strictObject({
      delimiter: z.enum([',', ';', '\t', '|', 'auto']).default('auto'),
      encoding: z.enum(['utf8', 'latin1']).default('utf8'),
      /** Cell texts that mean "no value", besides an empty cell. */
      missing: z.array(z.string()).default([]),
      /** What to do with a row that repeats an earlier one in every cell. */
      repeatedRows: z.enum(['keep', 'skip']).default('keep'),
      optionalColumns: z.array(z.string()).default([]),
    })
    .prefault({}),
  source: z.strictObject({ name: z.enum(SOURCES), instance }),
  time: z.strictObject({ formats: z.array(z.string()).min(1), zone: zone.default('UTC'), at: value.optional() }),
  /** Unique name of a row where the table has one; else identity comes from case, content and repetition. */
  id: z.string().optional(),
  joins: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/),
      z.strictObject({ file: z.string(), key: z.string(), on: value, optional: z.boolean().default(false) }),
    )
    .default({}),
  maps: z.record(z.string(), z.array(step).min(1)).default({}),
  let: z.record(z.string(), value).default({}),
  /** Present: rows are gathered, put in order and given the state of their case. Absent: rows stream. */
  case: z
    .strictObject({
      key: value,
      order: value,
      /** Number that orders rows of one time; default is the order in the file. */
      ties: value.optional(),
      state: z.record(z.string(), scalar).default({}),
      before: z.array(z.strictObject({ when: condition.optional(), set: assignments })).default([]),
    })
    .optional(),
  /** Shift of each case onto another calendar, by whole days of the zone: time of day and intervals stay true. */
  rebase: z
    .union([
      z.strictObject({ anchor: value, onto: z.iso.date().optional(), spreadDays: z.int().positive().default(1) }),
      z.strictObject({ days: value }),
    ])
    .optional(),
  skip: z.array(z.strictObject({ when: condition, reason: z.string() })).default([]),
  /** Reason under which rows are counted to which no event applies; may be a template. */
  otherwise: z.string().default('no event of the mapping applies'),
  events: z.array(event).min(1),
});
export type Mapping = z.output<typeof mappingSchema>;
