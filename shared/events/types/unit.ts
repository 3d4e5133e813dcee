import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, count, note, unitKind } from '../fields.ts';

const entity = { kind: 'unit', id: (d: { unit: string }) => d.unit } as const;

export const unitEvents = [
  defineEvent({
    type: 'unit.staffing-reported',
    describes: 'Beds that are staffed, and staff by role, present and planned.',
    entity,
    data: () => z.object({
      unit: code(),
      unitKind: unitKind().optional(),
      staffedBeds: count(),
      staff: z.record(code(), count()).optional(),
      plannedStaff: z.record(code(), count()).optional(),
    }),
    example: { unit: 'MICU', unitKind: 'icu', staffedBeds: 24, staff: { RN: 14 }, plannedStaff: { RN: 16 } },
  }),
  defineEvent({
    type: 'unit.status-changed',
    describes: 'A unit was opened, closed, put on surge or on diversion.',
    entity,
    data: () => z.object({ unit: code(), unitKind: unitKind().optional(), status: z.enum(['open', 'closed', 'surge', 'diversion']), reason: note().optional() }),
    example: { unit: 'ED', status: 'diversion', reason: 'NEDOCS' },
  }),
];
