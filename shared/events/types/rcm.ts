import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, identifier, money, note } from '../fields.ts';

const encounter = identifier().optional();
const payer = code().optional();

/** Steps of a claim, billing cycle included; the names follow the order in which they usually happen. */
export const CLAIM_STATUSES = [
  'opened', 'closed', 'released', 'coded', 'coding-incomplete', 'coding-error', 'billed', 'accepted', 'rejected',
  'denied', 'paid', 'invoice-cancelled', 'reopened', 'deleted', 'changed',
] as const;

export const rcmEvents = [
  defineEvent({
    type: 'rcm.preauth-status-changed',
    describes: 'A prior authorisation was requested or decided (X12 278).',
    entity: { kind: 'preauth', id: (d) => d.preauth },
    data: () => z.object({ preauth: identifier(), encounter, payer, status: z.enum(['requested', 'pended', 'approved', 'denied', 'withdrawn']), urgent: z.boolean().optional() }),
    example: { preauth: 'PA-1', payer: 'ACME', status: 'requested' },
  }),
  defineEvent({
    type: 'rcm.claim-status-changed',
    describes: 'A claim moved to another step (X12 837, 277, billing system).',
    entity: { kind: 'claim', id: (d) => d.claim },
    data: () => z.object({
      claim: identifier(),
      encounter,
      payer,
      specialty: code().optional(),
      status: z.enum(CLAIM_STATUSES),
      /** The billing system's own word for the step. */
      step: code().optional(),
      amount: money().optional(),
    }),
    example: { claim: 'CL-1', payer: 'ACME', status: 'billed', amount: 1250 },
  }),
  defineEvent({
    type: 'rcm.denial-status-changed',
    describes: 'A denial was received, appealed, overturned or written off (X12 835).',
    entity: { kind: 'denial', id: (d) => d.denial },
    data: () => z.object({ denial: identifier(), claim: identifier(), payer, status: z.enum(['received', 'appealed', 'overturned', 'upheld', 'written-off']), reason: note().optional(), amount: money().optional() }),
    example: { denial: 'D-1', claim: 'CL-1', status: 'received', reason: 'CO-197' },
  }),
  defineEvent({
    type: 'rcm.ar-balance-reported',
    describes: 'Accounts receivable of a payer by age, as of the event time.',
    entity: { kind: 'account', id: (d) => `ar/${d.payer}` },
    data: () => z.object({
      payer: code(),
      /** Net balance by days since discharge: 0-30, 31-60, 61-90, 91-120, over 120. */
      buckets: z.tuple([money(), money(), money(), money(), money()]),
      dischargedNotFinalBilledGross: money().optional(),
    }),
    example: { payer: 'ACME', buckets: [100, 50, 20, 10, 5] },
  }),
  defineEvent({
    type: 'rcm.revenue-reported',
    describes: 'Patient service revenue of one day, of one payer where it is told by payer.',
    entity: { kind: 'account', id: (d) => (d.payer === undefined ? `revenue/${d.day}` : `revenue/${d.day}/${d.payer}`) },
    data: () => z.object({ day: z.iso.date(), payer, grossRevenue: money().optional(), netRevenue: money().optional() }),
    example: { day: '2026-01-10', grossRevenue: 2_000_000, netRevenue: 900_000 },
  }),
];
