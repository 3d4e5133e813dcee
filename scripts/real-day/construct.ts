import { DateTime } from 'luxon';
import type { Envelope, SourceName } from '#shared/events/envelope.ts';
import { eventTypes } from '#shared/events/registry.ts';
import type { SiteConfig, UnitConfig } from '#shared/site.ts';
import { identity } from '#core/feeds/table/rules.ts';
import { chance, SAMPLE_DAY } from './plan.ts';

const MINUTE = 60_000;

/** An event that no data set reports: its whole content is constructed and says so. Times are epoch ms. */
export function constructedEvent(source: SourceName, type: string, at: number, data: Record<string, unknown>, marks = 'event'): Envelope {
  const time = new Date(at).toISOString();
  return {
    specversion: '1.0',
    id: `${identity('sample', type, time, JSON.stringify(data))}.${type.split('.')[1]}`,
    source: `//local/main/${source}/sample`,
    type,
    time,
    datacontenttype: 'application/json',
    tenant: 'local',
    site: 'main',
    constructed: marks,
    data: eventTypes.get(type)!.data.parse(data) as Record<string, unknown>,
  };
}

interface Stay {
  readonly encounter: string;
  readonly unit: string;
  readonly unitKind: string;
  readonly bed: string | undefined;
  readonly from: number;
  to: number;
}

/** Placements of all encounters, from the imported adt events in order of time. */
export function staysOf(events: readonly Envelope[]): Stay[] {
  const open = new Map<string, Stay>();
  const all: Stay[] = [];
  for (const event of events) {
    if (!/^adt\.(admitted|transferred|discharged)$/.test(event.type)) continue;
    const at = Date.parse(event.time);
    const encounter = event.data['encounter'] as string;
    const before = open.get(encounter);
    if (before) before.to = at;
    open.delete(encounter);
    const location = event.data['location'] as { unit: string; unitKind: string; bed?: string } | undefined;
    if (event.type === 'adt.discharged' || !location) continue;
    const stay = { encounter, unit: location.unit, unitKind: location.unitKind, bed: location.bed, from: at, to: Infinity };
    open.set(encounter, stay);
    all.push(stay);
  }
  return all;
}

/** Every bed clean at first; after each stay requested, started and completed, when the next patient leaves time for it. */
export function cleaning(site: SiteConfig, stays: readonly Stay[], from: number): Envelope[] {
  const events: Envelope[] = [];
  for (const unit of site.units.filter(({ kind }) => kind !== 'ed')) {
    for (const bed of unit.beds) {
      events.push(constructedEvent('bed', 'bed.status-changed', from, { unit: unit.id, bed, status: 'available' }));
      const ofBed = stays.filter((stay) => stay.unit === unit.id && stay.bed === bed);
      for (const [index, stay] of ofBed.entries()) {
        if (stay.to === Infinity) continue;
        const key = `${stay.encounter}/${stay.from}`;
        const requested = stay.to + (2 + chance(`request ${key}`, 9)) * MINUTE;
        const started = requested + (8 + chance(`start ${key}`, 30)) * MINUTE;
        const completed = started + (18 + chance(`clean ${key}`, 24)) * MINUTE;
        if ((ofBed[index + 1]?.from ?? Infinity) <= completed) continue;
        const place = { unit: unit.id, bed };
        events.push(
          constructedEvent('bed', 'bed.cleaning-requested', requested, place),
          constructedEvent('bed', 'bed.cleaning-started', started, { ...place, expectedMinutes: 30 }),
          constructedEvent('bed', 'bed.cleaning-completed', completed, place),
        );
      }
    }
  }
  return events;
}

/** Patients a nurse looks after, by kind of unit. */
const PATIENTS_PER_NURSE: Partial<Record<UnitConfig['kind'], number>> = { icu: 1.5, step_down: 3, ward: 5, ed: 4, pacu: 2, clinic: 6 };

/** Staffing at the changes of shift of the day before and of the day, 07:00, 15:00 and 23:00. */
export function staffing(site: SiteConfig): Envelope[] {
  const events: Envelope[] = [];
  for (const day of [-1, 0]) {
    for (const hour of [7, 15, 23]) {
      const at = DateTime.fromISO(SAMPLE_DAY, { zone: site.timezone }).plus({ days: day }).set({ hour }).toMillis();
      for (const unit of site.units) {
        const planned = Math.ceil(unit.beds.length / ((PATIENTS_PER_NURSE[unit.kind] ?? 5) * (hour === 23 ? 1.25 : 1)));
        const missing = chance(`sick ${unit.id} ${day} ${hour}`, 4) === 0 && planned > 2 ? 1 : 0;
        const data = { unit: unit.id, unitKind: unit.kind, staffedBeds: unit.beds.length, staff: { RN: planned - missing }, plannedStaff: { RN: planned } };
        events.push(constructedEvent('staff', 'unit.staffing-reported', at + chance(`report ${unit.id}`, 10) * MINUTE, data));
      }
    }
  }
  return events;
}

/** Feeds of the sample site: agreed refresh and silence limit in seconds. */
const FEEDS: readonly { source: SourceName; title: string; intervalSeconds: number; silenceLimitSeconds: number }[] = [
  { source: 'ehr', title: 'ADT', intervalSeconds: 60, silenceLimitSeconds: 300 },
  { source: 'bed', title: 'Cleaning', intervalSeconds: 60, silenceLimitSeconds: 300 },
  { source: 'ed', title: 'ED', intervalSeconds: 60, silenceLimitSeconds: 300 },
  { source: 'icu', title: 'ICU', intervalSeconds: 60, silenceLimitSeconds: 300 },
  { source: 'or', title: 'OR', intervalSeconds: 60, silenceLimitSeconds: 300 },
  { source: 'lis', title: 'Lab', intervalSeconds: 120, silenceLimitSeconds: 600 },
  { source: 'staff', title: 'Staffing', intervalSeconds: 300, silenceLimitSeconds: 1800 },
];

/** Registration of every feed at `registered`, then heartbeats from `from` until `to`, at each feed's own interval. */
export function contact(registered: number, from: number, to: number): Envelope[] {
  const events: Envelope[] = [];
  for (const { source, ...feed } of FEEDS) {
    const instance = `${source}-sample`;
    events.push(constructedEvent(source, 'source.registered', registered, { instance, ...feed }));
    const step = feed.intervalSeconds * 1000;
    for (let at = from + (chance(`phase ${source}`, feed.intervalSeconds) * 1000); at < to; at += step) {
      events.push(constructedEvent(source, 'source.heartbeat', at, { instance }));
    }
  }
  return events;
}

/** How long after its order a move still counts as its outcome. */
const ORDER_HOLDS = 36 * 60 * MINUTE;

/**
 * Of all transfer orders, those of patients in intensive care who then left it: the first one of each way out. For each
 * also the pending move, whose destination is constructed, since orders name none.
 */
export function stepDownOrders(orders: readonly Envelope[], stays: readonly Stay[]): Envelope[] {
  const taken = new Set<Stay>();
  return orders.flatMap((order) => {
    const at = Date.parse(order.time);
    const ofEncounter = stays.filter(({ encounter }) => encounter === order.data['encounter']);
    const here = ofEncounter.find(({ from, to }) => from <= at && at < to);
    const next = here && ofEncounter[ofEncounter.indexOf(here) + 1];
    if (!here || !next || here.unitKind !== 'icu' || next.unitKind === 'icu' || here.to - at > ORDER_HOLDS || taken.has(here)) return [];
    taken.add(here);
    const to = { unit: next.unit, unitKind: next.unitKind };
    const pending = constructedEvent('ehr', 'adt.transfer-pending', at, { encounter: here.encounter, to }, 'event,time,to');
    return [{ ...order, data: { ...order.data, unit: here.unit }, constructed: 'time,unit' }, pending];
  });
}
