import { snapshotFamilies } from '#shared/snapshots/families.ts';
import type { House } from '../domain/house.ts';
import { takeRooms } from './rooms.ts';
import type { Take, Taken } from './taken.ts';
import { takeBeds, takeHospitalUnits, takeUnits } from './units.ts';
import { takeEd, takeImaging, takeLab, takeRcm } from './workload.ts';

const TAKES: Readonly<Record<string, Take>> = {
  'hospital-unit': takeHospitalUnits,
  unit: takeUnits,
  bed: takeBeds,
  'or-status': takeRooms,
  'ed-status': takeEd,
  'lab-workload': takeLab,
  'imaging-workload': takeImaging,
  'rcm-workload': takeRcm,
};

/** Families that are taken of a moment; KPIs are of periods (kpi.ts). */
export const FAMILIES_OF_A_MOMENT: readonly string[] = Object.keys(TAKES);

/** Snapshots of one family of the house at `at` (epoch ms), by the metric library and the joins of the domain alone. */
export function takeSnapshots(house: House, family: string, at: number): Taken[] {
  const take = TAKES[family];
  if (!take) throw new RangeError(`no snapshot family ${family}; there are ${FAMILIES_OF_A_MOMENT.join(', ')}`);
  return take(house, snapshotFamilies.get(family)!, at);
}
