import { z } from 'zod';
import { code, identifier, instant, minutes, note, personal } from '../fields.ts';
import { EXAMPLE_ACTOR, actor, assignee, defineOps, scope } from './define.ts';

const run = { run: identifier(), by: actor() };
const step = { ...run, step: z.int().min(1).max(999) };
const example = { run: 'RUN-81', by: EXAMPLE_ACTOR };
const task = { task: identifier(), by: actor() };
const taskExample = { task: 'T-17', by: EXAMPLE_ACTOR };

export const playbookOps = [
  defineOps({
    constant: 'OPS_PLAYBOOK_ACTIVATED',
    type: 'ops.playbook-activated',
    describes: 'A standard response was started.',
    publish: 'converge',
    data: () => z.object({ ...run, playbook: code(), version: z.int().min(1), scope: scope(), alert: code().optional() }),
    example: { ...example, playbook: 'ed-surge', version: 3, scope: { unit: 'ED' }, alert: '9f2c4e5a7b1d3c60' },
  }),
  defineOps({
    constant: 'OPS_PLAYBOOK_STEP_STARTED',
    type: 'ops.playbook-step-started',
    describes: 'Work on a step began.',
    publish: 'converge',
    data: () => z.object(step),
    example: { ...example, step: 2 },
  }),
  defineOps({
    constant: 'OPS_PLAYBOOK_STEP_COMPLETED',
    type: 'ops.playbook-step-completed',
    describes: 'A step is done.',
    publish: 'converge',
    data: () => z.object({ ...step, comment: personal(2000).optional() }),
    example: { ...example, step: 2 },
  }),
  defineOps({
    constant: 'OPS_PLAYBOOK_STEP_SKIPPED',
    type: 'ops.playbook-step-skipped',
    describes: 'A step was left out, with the reason.',
    publish: 'converge',
    data: () => z.object({ ...step, reason: note() }),
    example: { ...example, step: 3, reason: 'no float pool today' },
  }),
  defineOps({
    constant: 'OPS_PLAYBOOK_STEP_REASSIGNED',
    type: 'ops.playbook-step-reassigned',
    describes: 'A step was given to another role.',
    publish: 'converge',
    data: () => z.object({ ...step, to: assignee() }),
    example: { ...example, step: 4, to: { role: 'bed-manager' } },
  }),
  defineOps({
    constant: 'OPS_PLAYBOOK_COMPLETED',
    type: 'ops.playbook-completed',
    describes: 'Every step of the run is done or skipped.',
    publish: 'converge',
    data: () => z.object({ ...run, outcome: note().optional() }),
    example: { ...example, outcome: 'score back under 100' },
  }),
  defineOps({
    constant: 'OPS_PLAYBOOK_CANCELLED',
    type: 'ops.playbook-cancelled',
    describes: 'The run was broken off.',
    publish: 'converge',
    data: () => z.object({ ...run, reason: note() }),
    example: { ...example, reason: 'false alert' },
  }),
  defineOps({
    constant: 'OPS_TASK_CREATED',
    type: 'ops.task-created',
    describes: 'A piece of work was given out.',
    publish: 'converge',
    data: () => z.object({ ...task, title: note(), to: assignee().optional(), dueAt: instant().optional(), expectedMinutes: minutes().optional(), run: identifier().optional(), alert: code().optional(), scope: scope().optional() }),
    example: { ...taskExample, title: 'Open two surge beds', to: { role: 'bed-manager' }, expectedMinutes: 15, scope: { unit: '4E' } },
  }),
  defineOps({
    constant: 'OPS_TASK_ASSIGNED',
    type: 'ops.task-assigned',
    describes: 'A task got another owner.',
    publish: 'converge',
    data: () => z.object({ ...task, to: assignee() }),
    example: { ...taskExample, to: { role: 'charge-nurse' } },
  }),
  defineOps({ constant: 'OPS_TASK_STARTED', type: 'ops.task-started', describes: 'Work on a task began.', publish: 'converge', data: () => z.object(task), example: taskExample }),
  defineOps({ constant: 'OPS_TASK_COMPLETED', type: 'ops.task-completed', describes: 'A task is done.', publish: 'converge', data: () => z.object({ ...task, comment: personal(2000).optional() }), example: taskExample }),
  defineOps({ constant: 'OPS_TASK_CANCELLED', type: 'ops.task-cancelled', describes: 'A task is not needed any more.', publish: 'converge', data: () => z.object({ ...task, reason: note() }), example: { ...taskExample, reason: 'done by others' } }),
];
