import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, identifier, note, patient, priority } from '../fields.ts';

const entity = { kind: 'imaging-order', id: (d: { order: string }) => d.order } as const;
const ref = {
  order: identifier(),
  encounter: identifier().optional(),
  patient: patient().optional(),
  /** DICOM modality (0008,0060), such as CT, MR, DX, US. */
  modality: code().optional(),
  priority: priority(),
  /** Where the patient was when the order was made; targets differ by it. */
  setting: z.enum(['ed', 'inpatient', 'outpatient']).optional(),
};
const example = { order: 'I-70', modality: 'CT', priority: 'STAT', setting: 'ed' } as const;

export const imagingEvents = [
  defineEvent({
    type: 'imaging.order-created',
    describes: 'A study was ordered (HL7 ORM O01, OMI O23).',
    entity,
    data: () => z.object({ ...ref, procedure: code().optional() }),
    example: { ...example, procedure: 'CT head' },
  }),
  defineEvent({
    type: 'imaging.study-started',
    describes: 'The first image was taken (DICOM MPPS in progress).',
    entity,
    data: () => z.object({ ...ref, scanner: code().optional() }),
    example: { ...example, scanner: 'CT-2' },
  }),
  defineEvent({
    type: 'imaging.study-completed',
    describes: 'The study is complete and can be read (DICOM MPPS completed).',
    entity,
    data: () => z.object({ ...ref, scanner: code().optional() }),
    example,
  }),
  defineEvent({
    type: 'imaging.report-signed',
    describes: 'A report was signed (HL7 ORU R01).',
    entity,
    data: () => z.object({ ...ref, status: z.enum(['preliminary', 'final', 'addendum']).optional(), critical: z.boolean().optional() }),
    example: { ...example, status: 'final' },
  }),
  defineEvent({
    type: 'imaging.order-cancelled',
    describes: 'The order was withdrawn.',
    entity,
    data: () => z.object({ ...ref, reason: note().optional() }),
    example: { ...example, reason: 'contrast allergy' },
  }),
];
