import { z } from 'zod';
import { code, count, instant } from '../fields.ts';
import { defineOps } from './define.ts';

const at = { at: instant() };
const EXAMPLE_AT = { at: '2026-01-10T08:00:00Z' };
/** Null where it is not known. */
const known = () => count().nullable();

/** What a projection shows at one time. Counts and codes only: snapshots leave the site. */
export const snapshotOps = [
  defineOps({
    constant: 'UNIT_SNAPSHOT_UPDATED',
    type: 'ops.unit-snapshot-updated',
    describes: 'The beds of a unit changed.',
    publish: 'opt-in',
    data: () => z.object({
      ...at, unit: code(), staffed: known(), occupied: count(), available: known(), dirty: known(), cleaning: known(), blocked: known(), reserved: known(),
      pendingDischarges: count(), pendingTransfersIn: count(), pendingTransfersOut: count(), assignedAdmissions: count(),
    }),
    example: {
      ...EXAMPLE_AT, unit: '4E', staffed: 24, occupied: 22, available: 1, dirty: 1, cleaning: 0, blocked: 0, reserved: 0,
      pendingDischarges: 3, pendingTransfersIn: 1, pendingTransfersOut: 0, assignedAdmissions: 2,
    },
  }),
  defineOps({
    constant: 'BED_SNAPSHOT_UPDATED',
    type: 'ops.bed-snapshot-updated',
    describes: 'The state of a bed changed.',
    publish: 'opt-in',
    data: () => z.object({ ...at, unit: code(), bed: code(), status: z.enum(['occupied', 'available', 'dirty', 'cleaning', 'blocked', 'assigned', 'unknown']), since: instant().nullable() }),
    example: { ...EXAMPLE_AT, unit: '4E', bed: '12', status: 'dirty', since: '2026-01-10T07:40:00Z' },
  }),
  defineOps({
    constant: 'OR_STATUS_SNAPSHOT_UPDATED',
    type: 'ops.or-status-snapshot-updated',
    describes: 'An operating room changed.',
    publish: 'opt-in',
    data: () => z.object({ ...at, room: code(), status: z.enum(['open', 'closed', 'emergency-only', 'cleaning']).nullable(), running: z.boolean(), casesLeft: known(), predictedEnd: instant().nullable() }),
    example: { ...EXAMPLE_AT, room: '3', status: 'open', running: true, casesLeft: 2, predictedEnd: '2026-01-10T16:40:00Z' },
  }),
  defineOps({
    constant: 'ED_STATUS_SNAPSHOT_UPDATED',
    type: 'ops.ed-status-snapshot-updated',
    describes: 'The emergency department changed.',
    publish: 'opt-in',
    data: () => z.object({ ...at, unit: code().optional(), patients: known(), waiting: known(), inTreatment: known(), boarders: known(), nedocs: z.number().min(0).max(200).nullable() }),
    example: { ...EXAMPLE_AT, unit: 'ED', patients: 41, waiting: 12, inTreatment: 23, boarders: 6, nedocs: 118 },
  }),
  defineOps({
    constant: 'LAB_WORKLOAD_SNAPSHOT_UPDATED',
    type: 'ops.lab-workload-snapshot-updated',
    describes: 'The workload of the laboratory changed.',
    publish: 'opt-in',
    data: () => z.object({ ...at, priority: code().optional(), pending: known(), overdue: known() }),
    example: { ...EXAMPLE_AT, priority: 'STAT', pending: 14, overdue: 2 },
  }),
  defineOps({
    constant: 'IMAGING_WORKLOAD_SNAPSHOT_UPDATED',
    type: 'ops.imaging-workload-snapshot-updated',
    describes: 'The workload of imaging changed.',
    publish: 'opt-in',
    data: () => z.object({ ...at, modality: code().optional(), pending: known(), unread: known() }),
    example: { ...EXAMPLE_AT, modality: 'CT', pending: 7, unread: 3 },
  }),
  defineOps({
    constant: 'RCM_WORKLOAD_SNAPSHOT_UPDATED',
    type: 'ops.rcm-workload-snapshot-updated',
    describes: 'The workload of the revenue cycle changed.',
    publish: 'opt-in',
    data: () => z.object({ ...at, payer: code().optional(), claimsOpen: known(), claimsDenied: known(), preauthPending: known() }),
    example: { ...EXAMPLE_AT, payer: 'ACME', claimsOpen: 310, claimsDenied: 9, preauthPending: 22 },
  }),
];
