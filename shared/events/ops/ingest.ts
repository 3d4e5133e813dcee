import { z } from 'zod';
import { code, count, instant, note } from '../fields.ts';
import { defineOps, scope } from './define.ts';

/** An event of a source, by its identity and position in the log. */
const ref = { source: z.string().max(256), id: z.string().max(256), type: code(), position: z.int().min(0) };
const example = { source: '//local/main/ehr/epic-1', id: 'E-1', type: 'adt.admitted', position: 17 };

/** Told of single messages, as fast as these come. */
export const OPS_OF_MESSAGES = ['ops.event-ingested', 'ops.event-processed', 'ops.event-refused'] as const;

export const ingestOps = [
  defineOps({
    constant: 'OPS_EVENT_INGESTED',
    type: 'ops.event-ingested',
    describes: 'An event of a source was committed to the log.',
    publish: 'opt-in',
    data: () => z.object({ ...ref, receivedAt: instant() }),
    example: { ...example, receivedAt: '2026-01-10T08:00:00.120Z' },
  }),
  defineOps({
    constant: 'OPS_EVENT_PROCESSED',
    type: 'ops.event-processed',
    describes: 'An event was folded into state. `changed`: its entity has another state now; of late events of one batch, whether all of them together changed it.',
    publish: 'opt-in',
    data: () => z.object({ ...ref, entityKind: code(), changed: z.boolean() }),
    example: { ...example, entityKind: 'encounter', changed: true },
  }),
  defineOps({
    constant: 'OPS_EVENT_SOURCE_REGISTERED',
    type: 'ops.event-source-registered',
    describes: 'A source was heard for the first time, or said something new of itself.',
    publish: 'converge',
    data: () => z.object({ source: z.string().max(256), title: code().optional(), intervalSeconds: z.number().positive().optional() }),
    example: { source: '//local/main/ehr/epic-1', title: 'ADT', intervalSeconds: 30 },
  }),
  defineOps({
    constant: 'OPS_EVENT_REFUSED',
    type: 'ops.event-refused',
    describes: 'A message does not count, or not yet, and why. `total`: dead letters that nobody has replayed.',
    publish: 'opt-in',
    data: () => z.object({ source: z.string().max(256).optional(), reason: code(), detail: z.string().max(1_000), total: z.int().min(0) }),
    example: { source: '//local/main/ehr/epic-1', reason: 'bad-data', detail: 'location.unit: required', total: 3 },
  }),
  defineOps({
    constant: 'OPS_KPI_COMPUTED',
    type: 'ops.kpi-computed',
    describes: 'A metric was computed; null with a reason when it is unknown.',
    publish: 'opt-in',
    data: () => z.object({ metric: code(), scope: scope(), at: instant(), value: z.number().nullable(), samples: count().optional(), reason: note().optional() }),
    example: { metric: 'beds.occupancy_rate', scope: { unit: '4E' }, at: '2026-01-10T08:00:00Z', value: 0.94 },
  }),
];
