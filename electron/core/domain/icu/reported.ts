import { stayAt } from '../adt/place.ts';
import type { EncounterState } from '../states.ts';

interface Told {
  readonly at: number;
  readonly unit?: string | undefined;
}

/** Whether one of the reports comes from the unit; where intensive care names none, from the place of the patient at that time. */
const isFrom = ({ adt }: EncounterState, told: readonly Told[], unit: string | undefined) =>
  told.some((report) => unit === undefined || (report.unit ?? stayAt(adt, report.at)?.unit) === unit);

/** Whether an encounter shows that ventilation is reported: at all, or of the unit given. */
export function reportsVentilation(encounter: EncounterState, unit?: string): boolean {
  const told = encounter.icu?.ventilationTold;
  return told !== undefined && isFrom(encounter, [told], unit);
}

/** Whether an encounter shows that orders to leave intensive care are reported: at all, or of the unit given. */
export function reportsTransferOrders(encounter: EncounterState, unit?: string): boolean {
  const { icu } = encounter;
  if (!icu) return false;
  const orders: Told[] = icu.transfers.map((transfer) => ({ at: transfer.orderedAt, unit: transfer.unit }));
  if (icu.transferOrderedAt !== undefined) orders.push({ at: icu.transferOrderedAt, unit: icu.unit });
  return isFrom(encounter, orders, unit);
}
