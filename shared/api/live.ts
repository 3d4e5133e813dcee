import { z } from 'zod';
import { defineOperation } from './operation.ts';

export const followView = defineOperation({
  id: 'followView', method: 'GET', path: '/views/{view}/events', tag: 'live', summary: 'A view as server-sent events: all of it, then what changes', permission: 'views.read',
  description: 'Parameters of the view come as query. Messages are those of the link: `snapshot`, `patch`, `refused`; `id` is the revision. Who comes back, with or without Last-Event-ID, gets a new snapshot. Who reads slowly gets the newest state in one patch. The stream does not end by itself.',
  params: z.strictObject({ view: z.string().min(1).max(64) }),
  query: z.object({}).catchall(z.string().max(256)),
  answer: z.string(), media: 'text/event-stream', problems: [404],
});
