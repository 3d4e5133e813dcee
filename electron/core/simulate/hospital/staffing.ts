import type { Process } from '../engine/simulation.ts';
import { HOUR, MINUTE } from './time.ts';
import { chance, speaker, type World } from './world.ts';

const SHIFTS = [7, 15, 23];

/** Staffing reports of the units: with each shift, and once in the middle of it. `patients` counts those of a unit now. */
export function* staffing(world: World, patients: (unit: string) => number): Process {
  const { simulation, calendar, parameters, levers, site } = world;
  const random = world.random('staffing');
  const speak = speaker(world, 'staff');
  const { ratio, absent } = parameters.staffing;
  const report = () => {
    for (const { id: unit, kind: unitKind, beds } of site.units) {
      const perNurse = ratio[unitKind];
      if (perNurse === undefined || beds.length === 0) continue;
      const expected = unitKind === 'ed' || unitKind === 'pacu' ? beds.length : Math.max(patients(unit), Math.round(beds.length * 0.85));
      const planned = Math.max(1, Math.ceil(expected / perNurse));
      let present = planned;
      for (let nurse = 0; nurse < planned; nurse++) if (chance(absent, random)) present--;
      present = Math.max(1, Math.round(present * levers.get('staffing.present')));
      speak('unit.staffing-reported', { unit, unitKind, staffedBeds: beds.length, staff: { RN: present }, plannedStaff: { RN: planned } });
    }
  };
  report();
  for (;;) {
    const next = Math.min(...SHIFTS.flatMap((hour) => [calendar.next(simulation.now, hour), calendar.next(simulation.now, (hour + 4) % 24)]));
    yield simulation.wait(Math.max(MINUTE, next - simulation.now) % (24 * HOUR));
    report();
  }
}
