import { choose } from '../distributions/sample.ts';
import type { Random } from '../engine/random.ts';
import type { Process } from '../engine/simulation.ts';
import type { Person } from './people.ts';
import { MINUTE } from './time.ts';
import { speaker, type World } from './world.ts';

type Service = World['parameters']['surgery']['services'][number];

/** An operation as it stands on a list. */
export interface Booked {
  readonly room: string;
  readonly service: string;
  readonly procedure: Service['procedures'][number];
  /** Epoch ms. */
  readonly start: number;
  /** Minutes in the room. */
  readonly booked: number;
  /** Of its room and day. */
  readonly first: boolean;
  /** An urgent operation of a patient of the house, whose bed stays theirs. */
  readonly addOn: boolean;
}

/** The next day's list is booked at this hour. */
const BOOKED_AT_HOUR = 14;
const LAST_START_BEFORE_END_MS = 90 * MINUTE;
/** So far may a list go beyond the rooms' hours when it is booked. */
const BEYOND_END_MS = 45 * MINUTE;

/** Books the lists of each day on the day before; on weekends rooms are closed but for emergencies. */
export function* lists(world: World, random: Random, hasRoom: (room: string) => boolean, schedule: (booked: Booked, person: Person) => void): Process {
  const { simulation, calendar } = world;
  const book = (day: number) => {
    for (const service of world.parameters.surgery.services) {
      for (const room of service.rooms) {
        if (!hasRoom(room)) continue;
        const weekend = calendar.weekday(day) > 5;
        announce(world, room, day, weekend);
        if (!weekend) bookRoom(world, random, service, room, day, schedule);
      }
    }
  };
  book(calendar.dayStart(simulation.now));
  for (;;) {
    yield simulation.wait(calendar.next(simulation.now, BOOKED_AT_HOUR) - simulation.now);
    book(calendar.dayEnd(simulation.now));
  }
}

/** Says at the beginning of the day what a room is for. */
function announce(world: World, room: string, day: number, weekend: boolean): void {
  const { simulation, parameters } = world;
  const status = parameters.surgery.weekendRooms.includes(room) ? 'emergency-only' : 'closed';
  const said = weekend ? { room, status, reason: 'weekend' } : { room, status: 'open' };
  simulation.at(Math.max(simulation.now, day), () => speaker(world, 'or')('or.room-status-changed', said));
}

function bookRoom({ calendar, site, people }: World, random: Random, { service, procedures, ages }: Service, room: string, day: number, schedule: (booked: Booked, person: Person) => void): void {
  const hour = (time: string) => calendar.at(day, Number(time.slice(0, 2)) + Number(time.slice(3)) / 60);
  const [from, to] = [hour(site.or.primeTime.from), hour(site.or.primeTime.to)];
  for (let start = from; start < to - LAST_START_BEFORE_END_MS; ) {
    const procedure = choose(procedures, random);
    const booked = Math.round((procedure.bookedMinutes * (0.85 + 0.3 * random.next())) / 5) * 5;
    if (start + booked * MINUTE > to + BEYOND_END_MS) break;
    schedule({ room, service, procedure, start, booked, first: start === from, addOn: false }, people.invent({ sex: procedure.sex, ages }));
    start += (booked + Math.round(site.or.expectedTurnoverMinutes)) * MINUTE;
  }
}
