import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { acuity, code, identifier, patient, unitKind } from '../fields.ts';

const entity = { kind: 'encounter', id: (d: { encounter: string }) => d.encounter } as const;
const stay = { encounter: identifier(), patient: patient().optional(), unit: code().optional(), bed: code().optional() };
const example = { encounter: 'V1004' };

export const icuEvents = [
  defineEvent({
    type: 'icu.admitted',
    describes: 'An intensive care stay began.',
    entity,
    data: () => z.object({ ...stay, unit: code() }),
    example: { ...example, unit: 'MICU', bed: '3' },
  }),
  defineEvent({
    type: 'icu.transfer-ordered',
    describes: 'The patient is ready for step-down; a bed outside intensive care is wanted.',
    entity,
    data: () => z.object({ ...stay, toUnit: code().optional(), toUnitKind: unitKind().optional() }),
    example: { ...example, toUnitKind: 'step_down' },
  }),
  defineEvent({ type: 'icu.discharged', describes: 'The patient left intensive care.', entity, data: () => z.object(stay), example }),
  defineEvent({
    type: 'icu.ventilator-status-changed',
    describes: 'Invasive ventilation began or ended.',
    entity,
    data: () => z.object({ ...stay, ventilated: z.boolean() }),
    example: { ...example, ventilated: true },
  }),
  defineEvent({
    type: 'icu.acuity-changed',
    describes: 'Acuity was scored again.',
    entity,
    data: () => z.object({ ...stay, acuity: acuity() }),
    example: { ...example, acuity: 4 },
  }),
];
