import type { Fact } from '#shared/snapshots/family.ts';
import { WHOLE, type SnapshotBatch, type Taken } from '../snapshots/taken.ts';
import type { OpsBus } from './bus.ts';

const iso = (at: number) => new Date(at).toISOString();
const isoOr = (at: Fact | undefined) => (typeof at === 'number' ? iso(at) : null);
const counted = (value: Fact | undefined) => (typeof value === 'number' ? value : null);
const sure = (value: Fact | undefined) => counted(value) ?? 0;
/** The field that narrows a department's row; absent for the whole. */
const narrowed = <K extends string>(key: K, name: string | undefined) => (name ? ({ [key]: name } as Record<K, string>) : {});

type Announce = (bus: OpsBus, at: string, taken: Taken) => void;

const ANNOUNCE: Readonly<Record<string, Announce>> = {
  unit: (bus, at, { subject: [unit], facts: f }) =>
    bus.emit('ops.unit-snapshot-updated', {
      at, unit: unit!, staffed: counted(f['staffed']), occupied: sure(f['occupied']), available: counted(f['available']), dirty: counted(f['dirty']),
      cleaning: counted(f['cleaning']), blocked: counted(f['blocked']), reserved: counted(f['reserved']), pendingDischarges: sure(f['pendingDischarges']),
      pendingTransfersIn: sure(f['pendingTransfersIn']), pendingTransfersOut: sure(f['pendingTransfersOut']), assignedAdmissions: sure(f['assignedAdmissions']),
    }),
  bed: (bus, at, { subject: [unit, bed], facts }) =>
    bus.emit('ops.bed-snapshot-updated', { at, unit: unit!, bed: bed!, status: facts['status'] as 'occupied', since: isoOr(facts['since']) }),
  'or-status': (bus, at, { subject: [room], facts, metrics }) => {
    if (room === WHOLE) return;
    bus.emit('ops.or-status-snapshot-updated', {
      at, room: room!, status: facts['status'] as 'open' | null, running: facts['running'] === true, casesLeft: counted(facts['casesLeft']), predictedEnd: isoOr(metrics['or.predicted_end']),
    });
  },
  'ed-status': (bus, at, { subject: [ed], metrics: m }) =>
    bus.emit('ops.ed-status-snapshot-updated', {
      at, ...narrowed('unit', ed), patients: m['ed.census']!, waiting: m['ed.waiting']!, inTreatment: m['ed.in_treatment']!, boarders: m['ed.boarders']!, nedocs: m['ed.nedocs']!,
    }),
  'lab-workload': (bus, at, { subject: [priority], metrics: m }) =>
    bus.emit('ops.lab-workload-snapshot-updated', { at, ...narrowed('priority', priority), pending: m['lab.pending']!, overdue: m['lab.overdue']! }),
  'imaging-workload': (bus, at, { subject: [modality], metrics: m }) =>
    // No metric of the library counts studies that are done and not read.
    bus.emit('ops.imaging-workload-snapshot-updated', { at, ...narrowed('modality', modality), pending: m['imaging.pending']!, unread: null }),
  'rcm-workload': (bus, at, { subject: [payer], metrics: m }) =>
    bus.emit('ops.rcm-workload-snapshot-updated', {
      at, ...narrowed('payer', payer), claimsOpen: m['rcm.claims_open']!, claimsDenied: m['rcm.claims_denied']!, preauthPending: m['rcm.preauth_pending']!,
    }),
  kpi: (bus, _, { subject: [, metric, scope], facts, unknown }) => {
    const [reason] = Object.values(unknown);
    bus.emit('ops.kpi-computed', {
      metric: metric!,
      scope: Object.fromEntries(scope!.split('&').filter((pair) => pair !== '').map((pair) => pair.split('=') as [string, string])),
      at: iso(facts['until'] as number),
      value: counted(facts['value']) ?? counted(facts['p50']),
      ...(facts['count'] === null ? {} : { samples: sure(facts['count']) }),
      ...(reason === undefined ? {} : { reason }),
    });
  },
};

/** Tells on the bus what a batch of snapshots changed; of distributions a KPI tells the median. */
export function announceSnapshots(bus: OpsBus, { family, at, taken }: SnapshotBatch): void {
  // Of what nothing is known there are no figures to tell.
  for (const one of taken) if (!one.ended) ANNOUNCE[family]?.(bus, iso(at), one);
}
