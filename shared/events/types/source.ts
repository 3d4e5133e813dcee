import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, count, instant } from '../fields.ts';

const entity = { kind: 'source', id: (d: { instance: string }) => d.instance } as const;
const seconds = () => z.number().positive().max(7 * 86_400);

export const sourceRegistered = defineEvent({
  type: 'source.registered',
  describes: 'A feed introduced itself and said how often it should be heard.',
  entity,
  data: () => z.object({
    instance: code(),
    title: code().optional(),
    /** Agreed refresh time: an event or heartbeat at least this often. */
    intervalSeconds: seconds(),
    /** After this silence the feed counts as lost. */
    silenceLimitSeconds: seconds().optional(),
    expectedPerHour: count().optional(),
  }),
  example: { instance: 'epic-1', title: 'ADT', intervalSeconds: 30, silenceLimitSeconds: 300 },
});

export const sourceEvents = [
  sourceRegistered,
  defineEvent({
    type: 'source.heartbeat',
    describes: 'The feed is alive although nothing changed.',
    entity,
    data: () => z.object({ instance: code(), lastEventAt: instant().optional(), queued: count().optional() }),
    example: { instance: 'epic-1', queued: 0 },
  }),
];
