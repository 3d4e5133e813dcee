import { z } from 'zod';
import { code, identifier, instant, note } from '../fields.ts';
import { EXAMPLE_ACTOR, actor, defineOps, scope } from './define.ts';

export const INSIGHT_TASKS = ['situation_summary', 'bottleneck_analysis', 'what_if_scenario', 'incident_timeline'] as const;

const task = { task: identifier() };
const example = { task: 'AI-4' };

export const insightOps = [
  defineOps({
    constant: 'OPS_AI_TASK_CREATED',
    type: 'ops.ai-task-created',
    describes: 'A question was put to the analysts, by a person or on schedule.',
    publish: 'converge',
    data: () => z.object({ ...task, kind: z.enum(INSIGHT_TASKS), scope: scope(), by: actor().optional(), from: instant().optional(), to: instant().optional() }),
    example: { ...example, kind: 'bottleneck_analysis', scope: { unit: 'ED' }, by: EXAMPLE_ACTOR },
  }),
  defineOps({
    constant: 'OPS_AI_TASK_COMPLETED',
    type: 'ops.ai-task-completed',
    describes: 'The question was answered.',
    publish: 'converge',
    data: () => z.object({ ...task, outputs: z.int().min(0) }),
    example: { ...example, outputs: 1 },
  }),
  defineOps({
    constant: 'OPS_AI_TASK_FAILED',
    type: 'ops.ai-task-failed',
    describes: 'The question could not be answered.',
    publish: 'converge',
    data: () => z.object({ ...task, reason: note() }),
    example: { ...example, reason: 'no data in the window' },
  }),
  defineOps({
    constant: 'OPS_AI_OUTPUT_CREATED',
    type: 'ops.ai-output-created',
    describes: 'An answer was written, with the metrics that it stands on.',
    publish: 'converge',
    data: () => z.object({
      ...task, output: identifier(), kind: z.enum(INSIGHT_TASKS), text: z.string().max(20_000),
      facts: z.array(z.object({ metric: code(), scope: scope(), at: instant(), value: z.number().nullable() })).max(200),
    }),
    example: {
      ...example, output: 'OUT-4', kind: 'bottleneck_analysis', text: 'Boarding grows because 4E has no free bed.',
      facts: [{ metric: 'ed.boarders', scope: { unit: 'ED' }, at: '2026-01-10T08:00:00Z', value: 6 }],
    },
  }),
  defineOps({
    constant: 'OPS_CONFIGURATION_CHANGED',
    type: 'ops.configuration-changed',
    describes: 'A rule, playbook, threshold or layout of the site got a new version.',
    publish: 'converge',
    data: () => z.object({ what: z.enum(['rule', 'playbook', 'thresholds', 'layout', 'site', 'roles']), id: code(), version: z.int().min(1), by: actor(), body: z.record(z.string(), z.unknown()).optional() }),
    example: { what: 'rule', id: 'ed-crowding', version: 3, by: EXAMPLE_ACTOR },
  }),
];
