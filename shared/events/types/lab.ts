import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, identifier, note, patient, priority } from '../fields.ts';

const entity = { kind: 'lab-order', id: (d: { order: string }) => d.order } as const;
const ref = { order: identifier(), encounter: identifier().optional(), patient: patient().optional(), test: code().optional(), priority: priority() };
const example = { order: 'L-500', test: 'K', priority: 'STAT' };

export const labEvents = [
  defineEvent({ type: 'lab.order-created', describes: 'A test was ordered (HL7 ORM O01, OML O21).', entity, data: () => z.object(ref), example }),
  defineEvent({
    type: 'lab.specimen-collected',
    describes: 'The specimen was drawn (charted collection time, OBR-7, SPM-17).',
    entity,
    data: () => z.object(ref),
    example,
  }),
  defineEvent({ type: 'lab.specimen-received', describes: 'The laboratory has the specimen (OBR-14, SPM-18).', entity, data: () => z.object(ref), example }),
  defineEvent({
    type: 'lab.result-reported',
    describes: 'A result was reported (HL7 ORU R01). An order of several tests reports each by its own name.',
    entity,
    data: () => z.object({ ...ref, status: z.enum(['preliminary', 'final', 'corrected']).optional(), abnormal: z.boolean().optional(), critical: z.boolean().optional() }),
    example: { ...example, status: 'final' },
  }),
  defineEvent({
    type: 'lab.order-cancelled',
    describes: 'The order was withdrawn.',
    entity,
    data: () => z.object({ ...ref, reason: note().optional() }),
    example: { ...example, reason: 'haemolysed' },
  }),
];
