import { z } from 'zod';
import { code, instant, note, personal } from '../fields.ts';
import { EXAMPLE_ACTOR, actor, assignee, defineOps, scope, severity } from './define.ts';

/** Hash of rule version, scope and start of the episode, so that two evaluators name one alert alike. */
const alert = () => z.string().regex(/^[0-9a-f]{16,64}$/);
const acted = { alert: alert(), by: actor() };
const example = { alert: '9f2c4e5a7b1d3c60', by: EXAMPLE_ACTOR };

export const alertOps = [
  defineOps({
    constant: 'OPS_ALERT_TRIGGERED',
    type: 'ops.alert-triggered',
    describes: 'The condition of a rule became true for long enough: an episode began.',
    publish: 'converge',
    data: () => z.object({
      alert: alert(), rule: code(), ruleVersion: z.int().min(1), domain: code(), severity: severity(), scope: scope(), since: instant(),
      metric: code().optional(), value: z.number().nullable().optional(), threshold: z.number().optional(), title: note(), playbook: code().optional(),
    }),
    example: {
      alert: example.alert, rule: 'ed-crowding', ruleVersion: 2, domain: 'ed', severity: 'critical', scope: { unit: 'ED' }, since: '2026-01-10T08:00:00Z',
      metric: 'ed.nedocs', value: 146, threshold: 141, title: 'Emergency department dangerously crowded', playbook: 'ed-surge',
    },
  }),
  defineOps({
    constant: 'OPS_ALERT_ACKNOWLEDGED',
    type: 'ops.alert-acknowledged',
    describes: 'Somebody saw the alert and takes it on.',
    publish: 'converge',
    data: () => z.object(acted),
    example,
  }),
  defineOps({
    constant: 'OPS_ALERT_ASSIGNED',
    type: 'ops.alert-assigned',
    describes: 'The alert got an owner.',
    publish: 'converge',
    data: () => z.object({ ...acted, to: assignee() }),
    example: { ...example, to: { role: 'bed-manager' } },
  }),
  defineOps({
    constant: 'OPS_ALERT_STARTED',
    type: 'ops.alert-started',
    describes: 'Work on the alert is in progress.',
    publish: 'converge',
    data: () => z.object(acted),
    example,
  }),
  defineOps({
    constant: 'OPS_ALERT_COMMENTED',
    type: 'ops.alert-commented',
    describes: 'Somebody wrote a comment.',
    publish: 'converge',
    data: () => z.object({ ...acted, comment: personal(2000) }),
    example: { ...example, comment: 'Called the float pool' },
  }),
  defineOps({
    constant: 'OPS_ALERT_ESCALATED',
    type: 'ops.alert-escalated',
    describes: 'Nobody acted in time, or somebody asked for more: the alert went up a level.',
    publish: 'converge',
    data: () => z.object({ alert: alert(), level: z.int().min(1).max(9), to: assignee(), by: actor().optional(), reason: note().optional() }),
    example: { alert: example.alert, level: 1, to: { role: 'house-supervisor' }, reason: 'not acknowledged in 10 min' },
  }),
  defineOps({
    constant: 'OPS_ALERT_SHELVED',
    type: 'ops.alert-shelved',
    describes: 'The alert is silent until a time (ISA-18.2 shelving).',
    publish: 'converge',
    data: () => z.object({ ...acted, until: instant(), reason: note() }),
    example: { ...example, until: '2026-01-10T09:00:00Z', reason: 'known maintenance' },
  }),
  defineOps({
    constant: 'OPS_ALERT_UNSHELVED',
    type: 'ops.alert-unshelved',
    describes: 'The shelving ended, by hand or by its expiry.',
    publish: 'converge',
    data: () => z.object({ alert: alert(), by: actor().optional() }),
    example: { alert: example.alert },
  }),
  defineOps({
    constant: 'OPS_ALERT_RESOLVED',
    type: 'ops.alert-resolved',
    describes: 'The condition is over, or somebody resolved it.',
    publish: 'converge',
    data: () => z.object({ alert: alert(), by: actor().optional(), resolution: note().optional() }),
    example: { alert: example.alert, resolution: 'condition cleared' },
  }),
  defineOps({
    constant: 'OPS_ALERT_DISMISSED',
    type: 'ops.alert-dismissed',
    describes: 'Somebody judged that the alert asks for nothing.',
    publish: 'converge',
    data: () => z.object({ ...acted, reason: note() }),
    example: { ...example, reason: 'feed was down' },
  }),
  defineOps({
    constant: 'OPS_ALERT_REOPENED',
    type: 'ops.alert-reopened',
    describes: 'A resolved or dismissed alert is open again.',
    publish: 'converge',
    data: () => z.object({ ...acted, reason: note().optional() }),
    example: { ...example, reason: 'crowded again' },
  }),
  defineOps({
    constant: 'OPS_ALERT_CORRECTED',
    type: 'ops.alert-corrected',
    describes: 'Late data show the episode in another light; the alert itself stays.',
    publish: 'converge',
    data: () => z.object({ alert: alert(), since: instant().optional(), value: z.number().nullable().optional(), note: note() }),
    example: { alert: example.alert, value: 138, note: 'two departures were reported late' },
  }),
];
