// Processor time of every metric on a large house: `node tests/bench/metrics.ts`. Prints the median and the worst in ms, slowest first.
import type { z } from 'zod';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import type { Scope } from '#shared/metrics/result.ts';
import { siteConfigSchema } from '#shared/site.ts';
import type { EncounterState } from '#core/domain/states.ts';
import { House } from '#core/domain/house.ts';
import { evaluate } from '#core/metrics/evaluate.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-01-10T14:00:00Z');
/** Of each kind; all but the newest over, spread over four days as a live house keeps them. */
const MANY = Number(process.argv[2] ?? 50_000);
const ROUNDS = 15;
const OPEN = 3_000;
const BEDS = Array.from({ length: 34 }, (_, i) => String(i + 1));
const unitOf = (i: number) => `U${i % 18}`;

const site: z.input<typeof siteConfigSchema> = {
  units: [
    ...Array.from({ length: 18 }, (_, i) => ({ id: `U${i}`, name: `Unit ${i}`, kind: i < 4 ? ('icu' as const) : ('ward' as const), beds: BEDS })),
    { id: 'ED', name: 'ED', kind: 'ed', beds: BEDS },
  ],
  attendingPhysiciansInEd: 4,
  performanceWeights: { 'beds.occupancy_rate': 2, 'beds.clean_turnaround': 1, 'icu.transfer_delay': 1 },
};

/** When thing `i` ended, for those that are over. */
const end = (i: number) => NOW - ((i * 7_919) % (4 * DAY / MINUTE)) * MINUTE;
const isOver = (i: number) => i >= OPEN;

function inpatient(i: number): EncounterState {
  const from = end(i) - 5 * DAY;
  const bed = BEDS[Math.floor(i / 18) % 34]!;
  const common = { patient: `P${i % (MANY / 2)}`, class: 'inpatient', admittedAt: from, acuity: 1 + (i % 4) } as const;
  const icu = unitOf(i).length === 2 && Number(unitOf(i)[1]) < 4 ? { icu: { unit: unitOf(i), ventilated: i % 3 === 0, admittedAt: from, transfers: [] } } : {};
  if (i < 560) return { adt: { ...common, status: 'active', stays: [{ unit: unitOf(i), bed, from }] }, ...icu } as unknown as EncounterState;
  return { adt: { ...common, status: 'discharged', dischargedAt: end(i), stays: [{ unit: unitOf(i), bed, from, to: from + DAY }, { unit: unitOf(i + 1), bed, from: from + DAY, to: end(i) }] } } as EncounterState;
}

function visit(i: number): EncounterState {
  const arrivedAt = (i < 120 ? NOW : end(i)) - 4 * HOUR + (i % 60) * MINUTE;
  const ed = { patient: `P${i % (MANY / 2)}`, unit: 'ED', arrivedAt, triagedAt: arrivedAt + 5 * MINUTE, level: 1 + (i % 5), roomedAt: arrivedAt + 25 * MINUTE, providerAt: arrivedAt + 40 * MINUTE };
  const decided = i % 4 === 0 ? { admissionDecidedAt: arrivedAt + 2 * HOUR } : {};
  if (i < 120) return { ed: { ...ed, ...decided } };
  return { ed: { ...ed, ...decided, ...(i % 50 === 0 ? { leftWithoutBeingSeenAt: end(i) } : { departedAt: end(i), ventilated: i % 97 === 0 }) } };
}

function largeHouse(): House {
  const house = new House(siteConfigSchema.parse(site));
  for (let i = 0; i < MANY; i++) {
    const [priority, orderedAt] = [i % 3 === 0 ? 'STAT' : 'ROUTINE', end(i) - 2 * HOUR];
    const done = isOver(i);
    house.put('encounter', `V${i}`, i % 2 === 0 ? inpatient(i) : visit(i));
    house.put('lab-order', `L${i}`, { priority, test: `T${i % 40}`, orderedAt, collectedAt: orderedAt + 20 * MINUTE, results: done ? [{ priority, reportedAt: end(i) }] : [] });
    house.put('imaging-order', `I${i}`, { priority, modality: i % 2 ? 'CT' : 'XR', setting: i % 5 ? 'ed' : 'inpatient', orderedAt, completedAt: orderedAt + HOUR, ...(done ? { signedAt: end(i) } : {}) });
    house.put('pharmacy-order', `R${i}`, done ? { priority, pharmacy: 'central', dispenses: [{ queuedAt: orderedAt, dispensedAt: end(i), priority }] } : { priority, queuedAt: orderedAt, dispenses: [] });
    const steps = [{ status: 'opened', at: orderedAt - 9 * DAY }, { status: 'billed', at: end(i) }];
    house.put('claim', `C${i}`, { payer: `A${i % 9}`, specialty: 'A', openedAt: steps[0]!.at, status: done ? 'billed' : 'opened', steps: done ? steps : steps.slice(0, 1) });
    house.put('preauth', `PA${i}`, { payer: `A${i % 9}`, status: done ? 'approved' : 'requested', requests: [{ requestedAt: orderedAt - DAY, ...(done ? { decidedAt: end(i), decision: 'approved' } : {}) }] });
    if (i % 10 === 0) house.put('denial', `D${i}`, { claim: `C${i}`, payer: `A${i % 9}`, status: 'received', steps: [{ status: 'received', at: end(i) }] });
    if (i % 20 === 0) house.put('ambulance', `M${i}`, { unit: 'ED', arrivedAt: orderedAt, ...(done ? { offloadedAt: orderedAt + 12 * MINUTE } : {}) });
    if (i % 25 === 0) house.put('or-case', `X${i}`, { room: String(i % 14), scheduledStart: orderedAt, scheduledMinutes: 90, inRoomAt: orderedAt + 9 * MINUTE, outOfRoomAt: orderedAt + 80 * MINUTE });
  }
  for (let i = 0; i < 18 * 34; i++) {
    const [unit, bed] = [unitOf(i), BEDS[Math.floor(i / 18)]!];
    const cleanings = Array.from({ length: 8 }, (_, n) => ({ from: NOW - (8 - n) * 12 * HOUR, to: NOW - (8 - n) * 12 * HOUR + 50 * MINUTE, requested: n % 2 === 0 }));
    house.put('bed', `${unit}/${bed}`, { unit, bed, status: { value: 'available', since: NOW - HOUR, source: 'bed' }, cleanings, blocks: [{ reason: 'RN', from: NOW - 9 * HOUR, to: NOW - 8 * HOUR }] });
  }
  for (let n = 0; n < 90; n++) {
    const day = new Date(NOW - n * DAY).toISOString().slice(0, 10);
    house.put('account', `revenue/${day}`, { revenue: { day, reportedAt: NOW - n * DAY, gross: 2_000, net: 900 } });
  }
  for (let n = 0; n < 9; n++) house.put('account', `ar/A${n}`, { payer: `A${n}`, balance: { reportedAt: NOW - HOUR, buckets: [9, 8, 7, 6, 5], dischargedNotFinalBilledGross: 99 } });
  return house;
}

const house = largeHouse();
const touched = ['encounter', 'lab-order', 'imaging-order', 'pharmacy-order', 'claim', 'preauth', 'denial', 'or-case', 'bed'] as const;
const firstOf = Object.fromEntries(touched.map((kind) => [kind, house.all(kind).keys().next().value!]));

/** As on a live house: something of every kind changed since the last second, the day's window so far. */
function measure(metric: string): [median: number, worst: number] {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of touched) house.put(kind, firstOf[kind]!, structuredClone(house.get(kind, firstOf[kind]!)) as never);
    const at = NOW + round * 1_000;
    const scope: Scope = metric === 'unit.performance_score' ? { unit: 'U1' } : {};
    const start = process.cpuUsage();
    evaluate(house, { metric, scope, at, from: Date.parse('2026-01-10T00:00:00Z'), to: at + 1 });
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1_000);
  }
  times.sort((a, b) => a - b);
  return [times[ROUNDS >> 1]!, times.at(-1)!];
}

const lines = [...metricDefinitions.keys()].map((metric) => [metric, ...measure(metric)] as const).sort((a, b) => b[1] - a[1]);
console.log(`${MANY} of each kind; ms of processor time a question\n${''.padEnd(34)}  median   worst`);
for (const [metric, median, worst] of lines) console.log(`${metric.padEnd(34)}${median.toFixed(2).padStart(8)}${worst.toFixed(2).padStart(8)}`);
