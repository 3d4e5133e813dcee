import type { EventOf } from '#shared/events/define.ts';
import { edEvents } from '#shared/events/types/ed.ts';
import { areaOf } from '../area.ts';
import { assign, ms, without } from '../change.ts';
import type { AmbulanceState, EdState } from './state.ts';

type EdEvent = EventOf<typeof edEvents>;
type AmbulanceType = Extract<EdEvent['type'], `ed.ambulance-${string}`>;
type VisitEvent = Extract<EdEvent, { type: Exclude<EdEvent['type'], AmbulanceType> }>;

function foldVisit(state: EdState = {}, any: EdEvent): EdState {
  const event = any as VisitEvent;
  const { data, time } = event;
  // A label is one of its department.
  const elsewhere = data.unit !== undefined && state.unit !== undefined && data.unit !== state.unit;
  const ed = assign(elsewhere ? without(state, 'space') : state, { patient: data.patient?.id, unit: data.unit });
  // Who was called away and is treated later did come back.
  const seen = () => without(ed, 'leftWithoutBeingSeenAt');
  switch (event.type) {
    case 'ed.arrived':
      return assign(without(ed, 'departedAt', 'departedAgainAt', 'disposition', 'leftWithoutBeingSeenAt'), { mode: event.data.mode, arrivedAt: ed.arrivedAt ?? time });
    case 'ed.triaged':
      return assign(seen(), { triagedAt: ed.triagedAt ?? time, level: event.data.level });
    case 'ed.roomed':
      return assign(seen(), { roomedAt: ed.roomedAt ?? time, space: event.data.space });
    case 'ed.provider-assigned':
      return assign(seen(), { providerAt: ed.providerAt ?? time });
    case 'ed.admission-decided':
      return assign(ed, { admissionDecidedAt: ed.admissionDecidedAt ?? time, toUnit: event.data.toUnit, toUnitKind: event.data.toUnitKind });
    case 'ed.bed-requested':
      return assign(ed, { bedRequestedAt: ed.bedRequestedAt ?? time, toUnit: event.data.toUnit, toUnitKind: event.data.toUnitKind });
    case 'ed.departed':
      return assign(ed, { departedAt: ed.departedAt ?? time, departedAgainAt: ed.departedAt === undefined ? undefined : time, disposition: event.data.disposition });
    case 'ed.left-without-being-seen':
      return assign(ed, { leftWithoutBeingSeenAt: ed.leftWithoutBeingSeenAt ?? time });
    case 'ed.ventilator-status-changed':
      return { ...ed, ventilated: event.data.ventilated };
  }
}

function foldAmbulance(state: AmbulanceState = {}, any: EdEvent): AmbulanceState {
  const event = any as Extract<EdEvent, { type: AmbulanceType }>;
  const { time } = event;
  const run = assign(state, { unit: event.data.unit });
  switch (event.type) {
    case 'ed.ambulance-expected':
      return assign(run, { expectedAt: ms(event.data.expectedAt), level: event.data.level });
    case 'ed.ambulance-arrived':
      return assign(run, { encounter: event.data.encounter, arrivedAt: run.arrivedAt ?? time });
    case 'ed.ambulance-offloaded':
      return assign(run, { encounter: event.data.encounter, offloadedAt: run.offloadedAt ?? time });
  }
}

/**
 * Emergency visits. The first report of each step counts; an arrival after a departure takes the departure back
 * (a visit of its own comes under an encounter of its own).
 */
export const ed = areaOf({ kind: 'encounter', slice: 'ed', events: edEvents }, foldVisit);

/** Ambulances on their way, at the door and offloaded. */
export const ambulances = areaOf({ kind: 'ambulance', events: edEvents }, foldAmbulance);
