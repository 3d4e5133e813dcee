import type { House } from '../domain/house.ts';
import { unitIds, unitNow, type UnitNow } from '../domain/units/now.ts';
import { evaluate } from '../metrics/evaluate.ts';
import { metricsOf, type Take, type Taken } from './taken.ts';

/** Beds or treatment spaces that are known of a unit; for operating areas the rooms. */
function capacityOf(house: House, unit: string, kind: string | null): number | null {
  const beds = house.bedsOfUnit(unit).size;
  if (beds > 0) return beds;
  return kind === 'or' && house.site.or.rooms.length > 0 ? house.site.or.rooms.length : null;
}

/** The list of units. */
export const takeHospitalUnits: Take = (house, _, at) =>
  unitIds(house).map((unit): Taken => {
    const configured = house.site.units.find(({ id }) => id === unit);
    const { kind } = unitNow(house, unit, at);
    const capacity = capacityOf(house, unit, kind);
    return {
      subject: [unit],
      facts: { name: configured?.name ?? unit, kind, level: configured?.level ?? null, capacity, configured: configured !== undefined },
      metrics: {},
      unknown: {
        ...(kind === null ? { kind: 'neither the site nor an event has said it' } : {}),
        ...(capacity === null ? { capacity: 'no bed of the unit is known' } : {}),
      },
    };
  });

/** Counts that are 0 also where nobody reports them: the metric knows which it is. */
const REPORTED = {
  available: 'beds.available', dirty: 'beds.dirty', blocked: 'beds.blocked', reserved: 'beds.reserved', ventilated: 'icu.ventilated', stepDownReady: 'icu.step_down_ready',
} as const satisfies Partial<Record<keyof UnitNow, string>>;
type Reported = keyof typeof REPORTED;

/** Those counts of a unit, null with a reason where they are not known. */
function reportedOf(house: House, now: UnitNow, at: number): { counts: Record<Reported | 'cleaning', number | null>; unknown: Record<string, string> } {
  const counts: Partial<Record<Reported | 'cleaning', number | null>> = {};
  const unknown: Record<string, string> = {};
  for (const [name, metric] of Object.entries(REPORTED) as [Reported, string][]) {
    const { reason } = evaluate(house, { metric, scope: { unit: now.unit }, at });
    counts[name] = reason === undefined || now[name] > 0 ? now[name] : null;
    if (counts[name] === null) unknown[name] = reason!;
  }
  // Who tells of dirty beds tells of their cleaning.
  counts.cleaning = counts.dirty === null ? null : now.cleaning;
  if (unknown['dirty'] !== undefined) unknown['cleaning'] = unknown['dirty'];
  return { counts: counts as Record<Reported | 'cleaning', number | null>, unknown };
}

/** Beds, patients and decided movements of each unit. */
export const takeUnits: Take = (house, family, at) =>
  unitIds(house).map((unit): Taken => {
    const now = unitNow(house, unit, at);
    const { metrics, unknown } = metricsOf(house, family, { unit }, at);
    const reported = reportedOf(house, now, at);
    return {
      subject: [unit],
      facts: {
        staffed: now.staffed, occupied: now.occupied, unspoken: now.unknown, waiting: now.waiting, ...reported.counts,
        pendingDischarges: now.pendingDischarges, pendingTransfersOut: now.pendingTransfersOut, pendingTransfersIn: now.pendingTransfersIn,
        assignedAdmissions: now.assignedAdmissions, holds: now.holds,
      },
      metrics,
      unknown: { ...(now.staffed === null ? { staffed: 'no staffing was reported and no beds are configured' } : {}), ...reported.unknown, ...unknown },
    };
  });

/** Each bed of the house. Who lies in it is not said. */
export const takeBeds: Take = (house, _, at) =>
  unitIds(house).flatMap((unit) =>
    unitNow(house, unit, at).beds.map((bed): Taken => ({
      subject: [unit, bed.bed],
      facts: {
        status: bed.status, since: bed.since, reason: bed.reason ?? null, expectedUntil: bed.expectedUntil ?? null, isolation: bed.isolation ?? null,
        conflictSource: bed.conflict?.source ?? null, conflictSays: bed.conflict?.says ?? null, contaminated: bed.contaminated ?? false,
        ventilated: bed.ventilated ?? false, leaving: bed.leaving ?? false, moving: bed.moving ?? false, constructed: bed.constructed ?? false,
        boardingSince: bed.boardingSince ?? null, incomingSince: bed.incoming?.since ?? null, incomingExpectedAt: bed.incoming?.expectedAt ?? null,
        acuity: bed.acuity ?? null,
      },
      metrics: {},
      unknown: bed.since === null ? { since: 'nobody has told the state of the bed' } : {},
    })),
  );
