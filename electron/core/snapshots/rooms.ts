import type { House } from '../domain/house.ts';
import { reasonCode } from '../domain/or/reason-code.ts';
import { predictRoom, runningCase } from '../metrics/computations/or-prediction.ts';
import { casesOf } from '../metrics/computations/or-rooms.ts';
import { metricsOf, WHOLE, type Take, type Taken } from './taken.ts';

/** Rooms of the site: configured ones in their order, then those that events spoke of, by name. */
function roomsOf(house: House): string[] {
  const configured = house.site.or.rooms.map(({ id }) => id);
  const seen = new Set([...house.all('or-room').keys(), ...casesOf(house).map(({ room }) => room)]);
  for (const id of configured) seen.delete(id);
  return [...configured, ...[...seen].sort()];
}

/** Cases that are running or to come today; null where a case without a duration hides the rest. */
function casesLeft(house: House, room: string, at: number): number | string {
  const ahead = predictRoom(house, room, at);
  if (typeof ahead !== 'string') return ahead.cases.length;
  return ahead.startsWith('no case') ? 0 : ahead;
}

function takeRoom(house: House, room: string, at: number): Pick<Taken, 'facts' | 'unknown'> {
  const said = house.get('or-room', room);
  const left = casesLeft(house, room, at);
  return {
    facts: {
      status: said?.status ?? null, since: said?.since ?? null, reason: (said && reasonCode(said)) ?? null, expectedUntil: said?.expectedUntil ?? null,
      running: runningCase(house, room, at) !== undefined, casesLeft: typeof left === 'string' ? null : left,
    },
    unknown: { ...(said ? {} : { status: 'no or.room-status-changed event has been reported' }), ...(typeof left === 'string' ? { casesLeft: left } : {}) },
  };
}

/** All operating rooms together, then each. Nothing where the site has none. */
export const takeRooms: Take = (house, family, at) => {
  const rooms = roomsOf(house);
  if (rooms.length === 0) return [];
  const whole: Taken = { subject: [WHOLE], facts: { status: null, since: null, reason: null, expectedUntil: null, running: null, casesLeft: null }, ...metricsOf(house, family, {}, at) };
  return [
    whole,
    ...rooms.map((room): Taken => {
      const { facts, unknown } = takeRoom(house, room, at);
      const told = metricsOf(house, family, { room }, at);
      return { subject: [room], facts, metrics: told.metrics, unknown: { ...unknown, ...told.unknown } };
    }),
  ];
};
