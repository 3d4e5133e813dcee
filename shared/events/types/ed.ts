import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, identifier, instant, patient, personal, unitKind } from '../fields.ts';

const encounter = { kind: 'encounter', id: (d: { encounter: string }) => d.encounter } as const;
const ambulance = { kind: 'ambulance', id: (d: { ambulance: string }) => d.ambulance } as const;
const visit = { encounter: identifier(), patient: patient().optional(), unit: code().optional() };
const run = { ambulance: identifier(), unit: code().optional() };
const example = { encounter: 'V1003' };

export const edEvents = [
  defineEvent({
    type: 'ed.arrived',
    describes: 'A patient registered in the emergency department (HL7 A04).',
    entity: encounter,
    data: () => z.object({
      ...visit,
      patient: patient(),
      mode: z.enum(['walk-in', 'ambulance', 'helicopter', 'police', 'transfer', 'other']).optional(),
      complaint: personal(512).optional(),
    }),
    example: { ...example, patient: { id: 'MRN-8' }, mode: 'walk-in' },
  }),
  defineEvent({
    type: 'ed.triaged',
    describes: 'Triage was completed; level 1 is the most urgent.',
    entity: encounter,
    data: () => z.object({ ...visit, level: z.int().min(1).max(5).optional(), scale: z.enum(['ESI', 'MTS', 'CTAS', 'ATS', 'other']).optional() }),
    example: { ...example, level: 3, scale: 'ESI' },
  }),
  defineEvent({
    type: 'ed.roomed',
    describes: 'The patient was put in a treatment space.',
    entity: encounter,
    data: () => z.object({ ...visit, space: code().optional() }),
    example: { ...example, space: 'A4' },
  }),
  defineEvent({
    type: 'ed.provider-assigned',
    describes: 'A provider took the patient on.',
    entity: encounter,
    data: () => z.object({ ...visit, role: code().optional() }),
    example: { ...example, role: 'attending' },
  }),
  defineEvent({
    type: 'ed.admission-decided',
    describes: 'It was decided to admit the patient; boarding begins.',
    entity: encounter,
    data: () => z.object({ ...visit, toUnit: code().optional(), toUnitKind: unitKind().optional() }),
    example: { ...example, toUnitKind: 'ward' },
  }),
  defineEvent({
    type: 'ed.bed-requested',
    describes: 'An inpatient bed was requested.',
    entity: encounter,
    data: () => z.object({ ...visit, toUnit: code().optional(), toUnitKind: unitKind().optional() }),
    example: { ...example, toUnit: '4E' },
  }),
  defineEvent({
    type: 'ed.departed',
    describes: 'The patient left the emergency department.',
    entity: encounter,
    data: () => z.object({ ...visit, disposition: z.enum(['home', 'admitted', 'transferred', 'deceased', 'against-advice', 'other']).optional() }),
    example: { ...example, disposition: 'admitted' },
  }),
  defineEvent({
    type: 'ed.left-without-being-seen',
    describes: 'The patient left before a provider saw them.',
    entity: encounter,
    data: () => z.object(visit),
    example,
  }),
  defineEvent({
    type: 'ed.ambulance-expected',
    describes: 'An ambulance is on its way.',
    entity: ambulance,
    data: () => z.object({ ...run, expectedAt: instant(), level: z.int().min(1).max(5).optional() }),
    example: { ambulance: 'RUN-5', expectedAt: '2026-01-10T12:20:00Z' },
  }),
  defineEvent({
    type: 'ed.ambulance-arrived',
    describes: 'An ambulance is at the door.',
    entity: ambulance,
    data: () => z.object({ ...run, encounter: identifier().optional() }),
    example: { ambulance: 'RUN-5' },
  }),
  defineEvent({
    type: 'ed.ambulance-offloaded',
    describes: 'The patient was taken over from the ambulance crew.',
    entity: ambulance,
    data: () => z.object({ ...run, encounter: identifier().optional() }),
    example: { ambulance: 'RUN-5' },
  }),
  defineEvent({
    type: 'ed.ventilator-status-changed',
    describes: 'Ventilation of an emergency patient began or ended, or was charted.',
    entity: encounter,
    data: () => z.object({ ...visit, ventilated: z.boolean() }),
    example: { ...example, ventilated: true },
  }),
];
