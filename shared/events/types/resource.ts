import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, instant, note } from '../fields.ts';

const entity = { kind: 'resource', id: (d: { resource: string }) => d.resource } as const;
const ref = {
  resource: code(),
  kind: z.enum(['chair', 'room', 'device', 'vehicle', 'other']).optional(),
  unit: code().optional(),
};
const example = { resource: 'CT-2', kind: 'device' } as const;

export const resourceEvents = [
  defineEvent({
    type: 'resource.status-changed',
    describes: 'A chair, room or device came into use, fell free or went out of service.',
    entity,
    data: () => z.object({
      ...ref,
      status: z.enum(['available', 'in-use', 'reserved', 'cleaning', 'out-of-service']),
      reason: note().optional(),
      expectedUntil: instant().optional(),
    }),
    example: { ...example, status: 'out-of-service', reason: 'tube' },
  }),
  defineEvent({
    type: 'resource.telemetry-reported',
    describes: 'A device reported readings, by name with the unit in the name.',
    entity,
    data: () => z.object({ ...ref, readings: z.record(code(), z.number()) }),
    example: { ...example, readings: { 'helium-%': 71.5 } },
  }),
  defineEvent({
    type: 'resource.maintenance-due',
    describes: 'A service of a device is due.',
    entity,
    data: () => z.object({ ...ref, dueAt: instant(), task: note().optional() }),
    example: { ...example, dueAt: '2026-01-20T00:00:00Z', task: 'yearly inspection' },
  }),
];
