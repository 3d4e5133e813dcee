import { z } from 'zod';
import { epochMs, moment, page, pageOf } from './fields.ts';
import { defineOperation } from './operation.ts';

export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const;

export const auditedEntrySchema = z.strictObject({
  seq: z.int(),
  time: epochMs(),
  action: z.string(),
  actor: z.strictObject({ kind: z.string(), name: z.string(), from: z.string() }),
  outcome: z.enum(AUDIT_OUTCOMES),
  subject: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Hex. */
  hash: z.string(),
});
export type AuditedEntry = z.output<typeof auditedEntrySchema>;

/** What is looked for in the trail; times are epoch ms. */
export interface AuditQuery {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly outcome?: AuditedEntry['outcome'] | undefined;
  readonly limit: number;
  readonly before?: number | undefined;
}

export const auditVerdictSchema = z.strictObject({
  ok: z.boolean(),
  /** Number of the last row that is in order: of it and all before, those that were forgotten too. */
  rows: z.int(),
  /** What retention forgot: up to which row, when, and for how many days the trail was kept then. */
  forgotten: z.strictObject({ upTo: z.int(), at: epochMs(), days: z.number() }).optional(),
  /** Where the trail says that it ends; null when that is lost. */
  head: z.string().nullable(),
  fault: z.strictObject({ kind: z.enum(['changed', 'missing', 'head', 'anchor']), row: z.int(), detail: z.string() }).optional(),
});
export type AuditVerdict = z.output<typeof auditVerdictSchema>;

export const listAudit = defineOperation({
  id: 'listAudit', method: 'GET', path: '/audit', tag: 'audit', summary: 'Who did what, the newest first', permission: 'audit.read', audited: true,
  query: z.strictObject({ from: moment().optional(), to: moment().optional(), action: z.string().max(64).optional(), actor: z.string().max(64).optional(), outcome: z.enum(AUDIT_OUTCOMES).optional(), ...page() }),
  answer: pageOf(auditedEntrySchema), problems: [503],
});

export const verifyAudit = defineOperation({
  id: 'verifyAudit', method: 'GET', path: '/audit/verification', tag: 'audit', summary: 'Whether the audit trail is as it was written; names the first row that is not', permission: 'audit.read', audited: true,
  query: z.strictObject({ head: z.string().regex(/^\d{1,15}:[0-9a-f]{32}$/).optional() }), answer: auditVerdictSchema, problems: [409, 503],
});
