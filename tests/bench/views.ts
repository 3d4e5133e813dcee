// Time of the views on a large house: `node tests/bench/views.ts`. Prints the median and the 99th percentile in ms.
import { siteConfigSchema } from '#shared/site.ts';
import type { FloorPlan } from '#shared/floorplan.ts';
import type { EncounterState, EntityStates } from '#core/domain/states.ts';
import { House } from '#core/domain/house.ts';
import type { Change, ViewContext } from '#core/views/context.ts';
import { difference } from '#core/views/view.ts';
import { views } from '#core/views/views.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-01-10T14:00:00Z');
const UNITS = 20;
const BEDS = 30;
const ENCOUNTERS = 3_000;
const ORDERS = 40_000;
const CASES = 2_000;

const labels = Array.from({ length: BEDS }, (_, i) => String(i + 1));
const unitOf = (i: number) => `U${i % UNITS}`;
const site = siteConfigSchema.parse({
  units: [
    ...Array.from({ length: UNITS }, (_, i) => ({ id: `U${i}`, name: `Unit ${i}`, kind: i < 3 ? 'icu' : 'ward', beds: labels })),
    { id: 'ED', name: 'ED', kind: 'ed', beds: labels },
  ],
  or: { rooms: Array.from({ length: 14 }, (_, i) => ({ id: String(i) })) },
});

/** 540 of 600 beds taken, 60 in the ED, the others gone; OR cases of 40 days; results of 4 days. */
function largeHouse(): House {
  const house = new House(site);
  for (let i = 0; i < ENCOUNTERS; i++) house.put('encounter', `V${i}`, encounter(i));
  for (let i = 0; i < UNITS * BEDS; i++) {
    const [unit, bed] = [unitOf(i), String(Math.floor(i / UNITS) + 1)];
    house.put('bed', `${unit}/${bed}`, { unit, bed, status: { value: 'available', since: NOW - HOUR, source: 'bed' }, cleanings: [], blocks: [] });
  }
  for (let i = 0; i < ORDERS; i++) house.put('lab-order', `L${i}`, labOrder(i));
  for (let i = 0; i < CASES; i++) house.put('or-case', `C${i}`, orCase(i));
  return house;
}

function encounter(i: number): EncounterState {
  const arrivedAt = NOW - (i % 90) * HOUR;
  if (i < 540) {
    const bed = String(Math.floor(i / UNITS) + 1);
    const pending = i % 9 === 0 ? { pendingDischarge: { decidedAt: NOW - HOUR } } : {};
    return { adt: { status: 'active', class: 'inpatient', admittedAt: arrivedAt, stays: [{ unit: unitOf(i), bed, from: arrivedAt }], acuity: 1 + (i % 4), ...pending } } as EncounterState;
  }
  const ed = { unit: 'ED', arrivedAt: NOW - (i % 600) * 60_000, triagedAt: NOW - (i % 600) * 60_000 + 240_000, roomedAt: NOW - (i % 600) * 60_000 + 900_000, ventilated: i % 97 === 0 };
  if (i < 600) return { ed: { ...ed, ...(i % 5 === 0 ? { admissionDecidedAt: NOW - HOUR } : {}) } } as EncounterState;
  return {
    ed: { ...ed, departedAt: ed.arrivedAt + 3 * HOUR },
    adt: { status: 'discharged', class: 'inpatient', admittedAt: arrivedAt - 80 * HOUR, dischargedAt: arrivedAt, stays: [{ unit: unitOf(i), bed: '1', from: arrivedAt - 80 * HOUR, to: arrivedAt }] },
  } as EncounterState;
}

function labOrder(i: number): EntityStates['lab-order'] {
  const orderedAt = NOW - (i % 5_760) * 60_000;
  const priority = i % 3 === 0 ? 'STAT' : 'ROUTINE';
  const order = { priority, test: 'K', orderedAt, collectedAt: orderedAt + 600_000 };
  return { ...order, results: i % 40 === 0 ? [] : [{ test: 'K', priority, reportedAt: orderedAt + 2_400_000 + (i % 60) * 60_000 }] } as EntityStates['lab-order'];
}

function orCase(i: number): EntityStates['or-case'] {
  const day = Math.floor(i / 50);
  const scheduledStart = Date.parse('2026-01-10T07:30:00Z') - day * 24 * HOUR + (Math.floor(i / 14) % 4) * 2.5 * HOUR;
  const inRoomAt = scheduledStart + (i % 25) * 60_000;
  const facts = inRoomAt > NOW ? {} : { inRoomAt, ...(inRoomAt + 2 * HOUR > NOW ? {} : { outOfRoomAt: inRoomAt + 2 * HOUR }) };
  return { room: String(i % 14), service: 'General', procedure: 'Hernia', scheduledStart, scheduledMinutes: 120, ...facts } as EntityStates['or-case'];
}

const place = { x: 0, y: 0, w: 10, h: 10 };
const plan: FloorPlan = {
  id: 'all', title: 'All', width: 1, height: 1,
  units: Array.from({ length: UNITS }, (_, i) => ({ unit: `U${i}`, ...place, zones: [], beds: labels.map((bed) => ({ bed, ...place })) })),
};
const samples = Array.from({ length: 480 }, (_, i): [number, number] => [NOW - (480 - i) * 60_000, 0.9 + (i % 7) / 100]);
const house = largeHouse();
const context = (now: number): ViewContext => ({
  house, now, trend: () => samples, feeds: ['ehr', 'bed', 'ed', 'or', 'lis'].map((source) => ({ source, title: source, lastContact: now, intervalSeconds: 60, silenceLimitSeconds: 600 })),
  clock: { mode: 'wall', at: now, sentAt: now, speed: 1 }, broker: 'connected', deadLetters: 0, constructed: false, plans: new Map([['all', plan]]),
});

/** Turns one thing over, so that each round really changes. */
function change<K extends 'bed' | 'encounter' | 'or-case'>(kind: K, id: string, edit: (state: EntityStates[K]) => EntityStates[K]): Change {
  const before = house.get(kind, id);
  const after = edit(before!);
  house.put(kind, id, after);
  return { kind, id, before, after } as Change;
}
const other = <T extends string>(a: T, b: T, now: string | undefined) => (now === a ? b : a);
const oneBed = () => [change('bed', 'U3/30', (s) => ({ ...s, status: { ...s.status!, value: other('available', 'dirty', s.status!.value) } }))];
const oneEncounter = () => [change('encounter', 'V100', (s) => ({ ...s, adt: { ...s.adt!, acuity: (s.adt!.acuity! % 4) + 1 } }))];
const oneCase = () => [change('or-case', 'C40', (s) => ({ ...s, procedure: other('Hernia', 'Lap', s.procedure) }))];
const everything = () => [
  ...Array.from({ length: UNITS * BEDS }, (_, i) => change('bed', `${unitOf(i)}/${Math.floor(i / UNITS) + 1}`, (s) => ({ ...s, status: { ...s.status!, value: other('available', 'dirty', s.status!.value) } }))),
  ...Array.from({ length: 14 }, (_, i) => change('or-case', `C${i}`, (s) => ({ ...s, procedure: other('Hernia', 'Lap', s.procedure) }))),
];

function measure(rounds: number, run: () => void): string {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return `${times[Math.floor(rounds / 2)]!.toFixed(2).padStart(7)} ${times[Math.floor(rounds * 0.99)]!.toFixed(2).padStart(7)}`;
}

console.log(`${'view'.padEnd(11)}${'work'.padEnd(26)}    p50     p99`);
for (const [name, view] of views) {
  let now = NOW;
  const items = view.compute(context(now));
  const paced = measure(60, () => difference(items, view.compute(context((now += 1_000)))));
  console.log(`${name.padEnd(11)}${'each second (compute)'.padEnd(26)}${paced}`);
  const frames: [string, number, () => Change[]][] = [['one bed', 300, oneBed], ['one encounter', 300, oneEncounter], ['one case', 300, oneCase], ['all beds and rooms', 60, everything]];
  for (const [work, rounds, happen] of name === 'frame' ? [] : frames) {
    const line = measure(rounds, () => {
      const changes = happen();
      return view.refresh(context((now += 16)), {}, changes, changes, items);
    });
    console.log(`${name.padEnd(11)}${work.padEnd(26)}${line}`);
  }
}
