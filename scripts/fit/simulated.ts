import type { Envelope } from '#core/simulate/hospital/emitter.ts';
import { percentile } from './families.ts';
import { grouped } from './read.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
/** As the metric library has it: longer gaps between cases are pauses of the list. */
const LONGEST_TURNOVER = 120;

/** Measured values by the names of resources/demo/observed.yaml, in its units. */
export type Measured = Map<string, number[]>;

/** Measures what a run of the demo hospital sent, as the data sets were measured; values in rising order. */
export function measure(sent: readonly Envelope[]): Measured {
  const events = inOrder(sent);
  return rising([...emergency(events), ...rooms(events), ...laboratory(events), ...stays(events)]);
}

/** Days between the stages of claims. */
export function claims(sent: readonly Envelope[]): Measured {
  const events = inOrder(sent);
  const step = (wanted: string) => firsts(events, 'rcm.claim-status-changed', 'claim', ({ status }) => status === wanted);
  const days = (from: string, to: string) => between(step(from), step(to)).map((minutes) => minutes / DAY_MINUTES);
  return rising([
    ['rcm.opened_to_closed', days('opened', 'closed')],
    ['rcm.released_to_coded', days('released', 'coded')],
    ['rcm.coded_to_billed', days('coded', 'billed')],
    ['rcm.claim_cycle_days', days('opened', 'billed')],
  ]);
}

/** Share of the claims that reached a status among those that reached another. */
export function claimShare(sent: readonly Envelope[], status: string, of: string): number {
  const reached = (wanted: string) => new Set(sent.filter(({ data }) => data['status'] === wanted).map(({ data }) => data['claim']));
  const all = reached(of);
  return [...reached(status)].filter((claim) => all.has(claim)).length / all.size;
}

const inOrder = (sent: readonly Envelope[]): Envelope[] => [...sent].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
const rising = (found: readonly [string, number[]][]): Measured => new Map(found.map(([name, values]) => [name, values.sort((a, b) => a - b)]));

export const p50and90 = (values: readonly number[]): [number, number] => [percentile(values, 0.5), percentile(values, 0.9)];

type Times = Map<string, number>;

/** Time in minutes of the first event of a type, by an entity; `only` narrows. */
function firsts(events: readonly Envelope[], type: string, key: string, only: (data: Record<string, unknown>) => boolean = () => true): Times {
  const times: Times = new Map();
  for (const event of events) {
    if (event.type !== type || !only(event.data)) continue;
    const id = event.data[key] as string;
    if (!times.has(id)) times.set(id, Date.parse(event.time) / MINUTE);
  }
  return times;
}

const between = (from: Times, to: Times): number[] =>
  [...from].flatMap(([id, start]) => {
    const end = to.get(id);
    return end === undefined ? [] : [end - start];
  });

function emergency(events: readonly Envelope[]): [string, number[]][] {
  const arrived = firsts(events, 'ed.arrived', 'encounter');
  const admitted = firsts(events, 'ed.departed', 'encounter', ({ disposition }) => disposition === 'admitted');
  return [
    ['ed.registration_to_triage', between(arrived, firsts(events, 'ed.triaged', 'encounter'))],
    ['ed.registration_to_admission', between(arrived, admitted)],
    ['ed.length_of_stay', between(arrived, firsts(events, 'ed.departed', 'encounter'))],
    ['ed.boarding_time', between(firsts(events, 'ed.admission-decided', 'encounter'), admitted)],
    ['ed.door_to_provider', between(arrived, firsts(events, 'ed.provider-assigned', 'encounter'))],
    ['beds.clean_turnaround', cleaned(events)],
  ];
}

/** Cleaning requested -> completed, bed by bed. */
function cleaned(events: readonly Envelope[]): number[] {
  const open: Times = new Map();
  const took: number[] = [];
  for (const { type, data, time } of events) {
    if (!type.startsWith('bed.cleaning-')) continue;
    const bed = `${data['unit'] as string}/${data['bed'] as string}`;
    const at = Date.parse(time) / MINUTE;
    if (type === 'bed.cleaning-requested' && !open.has(bed)) open.set(bed, at);
    if (type === 'bed.cleaning-completed' && open.has(bed)) {
      took.push(at - open.get(bed)!);
      open.delete(bed);
    }
  }
  return took;
}

function rooms(events: readonly Envelope[]): [string, number[]][] {
  const into = firsts(events, 'or.patient-in-room', 'case');
  const out = firsts(events, 'or.patient-out-of-room', 'case');
  const started = firsts(events, 'or.case-started', 'case');
  const cases = events.flatMap(({ type, data }) => {
    const id = data['case'] as string;
    if (type !== 'or.case-scheduled' || !into.has(id) || !out.has(id)) return [];
    const scheduled = Date.parse(data['scheduledStart'] as string) / MINUTE;
    return [{ room: data['room'] as string, addOn: data['addOn'] === true, scheduled, booked: data['scheduledMinutes'] as number, in: into.get(id)!, out: out.get(id)! }];
  });
  const days = [...grouped(cases, (one) => `${one.room}/${Math.floor(one.in / DAY_MINUTES)}`).values()].map((list) => list.sort((a, b) => a.in - b.in));
  const planned = days.map((list) => list.filter(({ addOn }) => !addOn).sort((a, b) => a.scheduled - b.scheduled)[0]).filter((one) => one !== undefined);
  return [
    ['or.duration_ratio', cases.map((one) => (one.out - one.in) / one.booked)],
    ['or.in_room', cases.map((one) => one.out - one.in)],
    ['or.setup', between(into, started)],
    ['or.turnover', days.flatMap((list) => list.slice(1).map((next, i) => next.in - list[i]!.out)).filter((gap) => gap >= 0 && gap <= LONGEST_TURNOVER)],
    ['or.first_case_delay', planned.map((one) => one.in - one.scheduled)],
  ];
}

function laboratory(events: readonly Envelope[]): [string, number[]][] {
  // Cultures take days; the data keep them in another table.
  const of = (wanted: string) => between(firsts(events, 'lab.specimen-collected', 'order', ({ priority, test }) => priority === wanted && test !== 'CULT'), firsts(events, 'lab.result-reported', 'order'));
  return [
    ['lab.turnaround@STAT', of('STAT')],
    ['lab.turnaround@routine', of('Routine')],
  ];
}

function stays(events: readonly Envelope[]): [string, number[]][] {
  const ordered = firsts(events, 'adt.discharge-pending', 'encounter');
  return [['discharge.order_to_leaving', between(ordered, firsts(events, 'adt.discharged', 'encounter'))]];
}
