import { z } from 'zod';
import { OPS_NAMES } from '../events/ops.ts';
import { defineOperation } from './operation.ts';

export const followView = defineOperation({
  id: 'followView', method: 'GET', path: '/views/{view}/events', tag: 'live', summary: 'A view as server-sent events: all of it, then what changes', permission: 'views.read',
  description: 'Parameters of the view come as query. Messages are those of the link: `snapshot`, `patch`, `refused`; `id` is the revision. Who comes back, with or without Last-Event-ID, gets a new snapshot. Who reads slowly gets the newest state in one patch. The stream does not end by itself.',
  params: z.strictObject({ view: z.string().min(1).max(64) }),
  query: z.object({}).catchall(z.string().max(256)),
  answer: z.string(), media: 'text/event-stream', problems: [404],
});

const isName = (text: string): text is (typeof OPS_NAMES)[number] => (OPS_NAMES as readonly string[]).includes(text);

/** Types of ops events, comma between; all where it is absent. */
const opsQuery = z.strictObject({
  types: z.string().max(1_024).optional().transform((text, context): (typeof OPS_NAMES)[number][] => {
    const names = text === undefined ? OPS_NAMES : text.split(',');
    const foreign = names.find((one) => !isName(one));
    if (foreign !== undefined) context.addIssue({ code: 'custom', message: `there are ${OPS_NAMES.join(', ')}` });
    return names.filter(isName);
  }),
});

export const followOps = defineOperation({
  id: 'followOps', method: 'GET', path: '/ops-events', tag: 'live', summary: 'What Vigil announces, as it happens, as server-sent events', permission: 'sources.read',
  description: 'Each is a CloudEvent with its type as `event` and its own `id`; by `types` only some. `ops.event-ingested`, `ops.event-processed` and `ops.event-refused` are told where the site document lists any of them in `publishOps.types`. Who reads too slowly misses some and is told how many by `missed`; nothing is told again. Who asks for a WebSocket at the same address is told the same, one event a message. The stream does not end by itself.',
  query: opsQuery, answer: z.string(), media: 'text/event-stream',
});
