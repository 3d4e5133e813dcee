import { getEvent, getEventNotes, listEvents, listLetters, markProcessed, markUnprocessed } from '#shared/api/events.ts';
import type { Answered } from '#shared/api/operation.ts';
import type { ReaderThread } from '../store/reader-thread.ts';
import type { Mark } from '../store/event-marks.ts';
import type { Answer, Ask } from '../store/writer-protocol.ts';
import { cursorOf, placeOf } from './cursor.ts';
import { heed } from './precondition.ts';
import { Problem } from './problem.ts';
import { route, type Caller, type Route } from './routes.ts';

export interface EventParts {
  readonly reader: Pick<ReaderThread, 'ask'>;
  readonly ask: (ask: Ask) => Promise<Answer>;
  readonly now: () => number;
}

const chosen = (text: 'yes' | 'no' | undefined) => text && text === 'yes';
const gone = (position: number) => new Problem(404, `There is no event at position ${position}: it was trimmed, another body under its id counts by now, or none ever stood there.`);

/** What sources said, and what of it was refused. */
export function eventRoutes({ reader, ask, now }: EventParts): Route[] {
  const one = async (position: number) => {
    const event = await reader.ask('event', { position });
    if (!event) throw gone(position);
    return event as Answered<typeof getEvent>;
  };
  const mark = async (position: number, by: Mark | undefined, caller: Caller) => {
    const event = caller.ifMatch === undefined ? undefined : await one(position);
    if (event) heed(caller, event, `The event at position ${position} is marked ${event.processed ? `by ${event.processed.by}` : 'by nobody'} now. Read it again (GET /events/${position}).`);
    const answer = await ask({ what: 'mark', position, mark: by, ...(event ? { from: event.processed } : {}) });
    if (!answer.ok) throw new Problem(answer.stale ? 412 : 503, answer.problem);
    if (answer.found === false) throw gone(position);
  };
  return [
    route(listEvents, async ({ query: { limit, cursor, order, source, type, entityKind, entity, from, to, processed } }) => {
      const place = cursor === undefined ? undefined : placeOf<[number, number]>(cursor, ['number', 'number']);
      const { events, next } = await reader.ask('events', {
        filter: { source, type, from, to, processed: chosen(processed), ...(entity === undefined ? {} : { entity: { kind: entityKind!, id: entity } }) },
        order,
        limit,
        ...(place ? { after: { time: place[0], position: place[1] } } : {}),
      });
      return { items: events as Answered<typeof getEvent>[], ...(next ? { next: cursorOf([next.time, next.position]) } : {}) };
    }),
    route(getEvent, ({ params: { position } }) => one(position)),
    route(getEventNotes, async ({ params: { position } }) => {
      const notes = await reader.ask('notes', { position });
      if (!notes) throw gone(position);
      return { notes };
    }),
    route(markProcessed, ({ params: { position } }, caller) => mark(position, { at: now(), by: caller.principal.name }, caller)),
    route(markUnprocessed, ({ params: { position } }, caller) => mark(position, undefined, caller)),
    route(listLetters, async ({ query: { cursor, replayed, ...query } }) => {
      const { letters, next } = await reader.ask('letters', { ...query, replayed: chosen(replayed), ...(cursor === undefined ? {} : { before: placeOf<[number]>(cursor, ['number'])[0] }) });
      return { items: letters.map(({ dead_letter_id: id, received, reason, detail, topic, source, size, due, replayed: at }) => ({ id, received, reason, detail, topic, source, size, due, replayed: at })), ...(next === undefined ? {} : { next: cursorOf([next]) }) };
    }),
  ];
}
