import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, identifier, minutes, money, patient } from '../fields.ts';

const entity = { kind: 'visit', id: (d: { visit: string }) => d.visit } as const;
const ref = {
  visit: identifier(),
  appointment: identifier().optional(),
  patient: patient().optional(),
  /** Short name of a provider or their list, as it may stand on a wall. */
  provider: code().optional(),
  /** Chair or room of the practice. */
  chair: code().optional(),
};
const example = { visit: 'W-12', provider: 'DR-2' };

export const flowEvents = [
  defineEvent({
    type: 'flow.checked-in',
    describes: 'The patient is at the practice.',
    entity,
    data: () => z.object({ ...ref, walkIn: z.boolean().optional() }),
    example: { ...example, appointment: 'A-310', patient: { id: 'MRN-20' } },
  }),
  defineEvent({ type: 'flow.called', describes: 'The patient was called in.', entity, data: () => z.object(ref), example }),
  defineEvent({ type: 'flow.seated', describes: 'The patient sits in the chair.', entity, data: () => z.object({ ...ref, chair: code() }), example: { ...example, chair: '2' } }),
  defineEvent({
    type: 'flow.treatment-started',
    describes: 'Treatment began.',
    entity,
    data: () => z.object({ ...ref, procedure: code().optional(), expectedMinutes: minutes().optional() }),
    example: { ...example, procedure: 'filling', expectedMinutes: 40 },
  }),
  defineEvent({
    type: 'flow.treatment-completed',
    describes: 'Treatment ended.',
    entity,
    data: () => z.object({
      ...ref,
      /** Value of what was done, in the site's currency. */
      production: money().optional(),
    }),
    example: { ...example, production: 180 },
  }),
  defineEvent({ type: 'flow.checked-out', describes: 'The patient left the practice.', entity, data: () => z.object(ref), example }),
];
