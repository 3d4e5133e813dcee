import type { House } from '../domain/house.ts';
import { unitIds, unitNow } from '../domain/units/now.ts';
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

/** Beds, patients and decided movements of each unit. */
export const takeUnits: Take = (house, family, at) =>
  unitIds(house).map((unit): Taken => {
    const now = unitNow(house, unit, at);
    const { metrics, unknown } = metricsOf(house, family, { unit }, at);
    return {
      subject: [unit],
      facts: {
        staffed: now.staffed, occupied: now.occupied, available: now.available, dirty: now.dirty, cleaning: now.cleaning, blocked: now.blocked,
        reserved: now.reserved, unspoken: now.unknown, waiting: now.waiting, ventilated: now.ventilated, stepDownReady: now.stepDownReady,
        pendingDischarges: now.pendingDischarges, pendingTransfersOut: now.pendingTransfersOut, pendingTransfersIn: now.pendingTransfersIn,
        assignedAdmissions: now.assignedAdmissions, holds: now.holds,
      },
      metrics,
      unknown: { ...(now.staffed === null ? { staffed: 'no staffing was reported and no beds are configured' } : {}), ...unknown },
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
