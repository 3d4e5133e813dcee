import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, identifier, note, patient, priority } from '../fields.ts';

const entity = { kind: 'pharmacy-order', id: (d: { order: string }) => d.order } as const;
const ref = {
  order: identifier(),
  encounter: identifier().optional(),
  patient: patient().optional(),
  /** Pharmacy or queue that works on the order. */
  pharmacy: code().optional(),
  unit: code().optional(),
  priority: priority(),
};
const example = { order: 'RX-9', pharmacy: 'central', unit: '4E', priority: 'STAT' };

export const pharmacyEvents = [
  defineEvent({
    type: 'pharmacy.order-queued',
    describes: 'A medication order reached the pharmacy (HL7 RDE O11, OMP O09).',
    entity,
    data: () => z.object({ ...ref, preparation: z.enum(['stock', 'compounded', 'chemotherapy', 'parenteral-nutrition']).optional() }),
    example: { ...example, preparation: 'stock' },
  }),
  defineEvent({
    type: 'pharmacy.dispensed',
    describes: 'The medication left the pharmacy (HL7 RDS O13).',
    entity,
    data: () => z.object(ref),
    example,
  }),
  defineEvent({
    type: 'pharmacy.order-cancelled',
    describes: 'The order was withdrawn.',
    entity,
    data: () => z.object({ ...ref, reason: note().optional() }),
    example: { ...example, reason: 'replaced' },
  }),
];
