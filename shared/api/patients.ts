import { z } from 'zod';
import { defineOperation } from './operation.ts';
import { name } from './fields.ts';

const pseudonym = () => z.string().regex(/^[A-Za-z0-9_-]{16}$/, 'a pseudonym has 16 letters, digits, "-" and "_"');
/** As the hospital's systems know the patient: the number of the record. */
const identifier = () => z.string().trim().min(1).max(128);

const patientSchema = z.strictObject({ pseudonym: z.string().describe('Of the record under which they live on after merges'), facts: z.record(z.string(), z.string()).describe('What events said of the person, over all of their merged records, by field, such as patient.name') });

const NOBODY = 'Nobody is known by this here: the vault never held them, or has forgotten them.';

export const getPatient = defineOperation({
  id: 'getPatient', method: 'GET', path: '/patients/{pseudonym}', tag: 'patients', summary: 'Who a pseudonym stands for', description: `Each look is audited. 404: ${NOBODY}`,
  permission: 'patients.read', params: z.strictObject({ pseudonym: pseudonym() }), answer: patientSchema, problems: [404, 503], audited: true,
});

export const getPatientInBed = defineOperation({
  id: 'getPatientInBed', method: 'GET', path: '/bed-management/{unit}/{bed}/patient', tag: 'patients', summary: 'Who lies in a bed now', description: 'Each look is audited.',
  permission: 'patients.read', params: z.strictObject({ unit: name(), bed: name() }), answer: patientSchema, problems: [404, 409, 503], audited: true,
});

export const findPatient = defineOperation({
  id: 'findPatient', method: 'POST', path: '/patients/find', tag: 'patients', summary: 'A person by the number of their record', description: 'A POST, so that no number stands in an address or a log of one.',
  permission: 'patients.read', body: z.strictObject({ identifier: identifier() }), answer: patientSchema, problems: [404, 503],
});

export const erasePatient = defineOperation({
  id: 'erasePatient', method: 'POST', path: '/patients/erase', tag: 'patients', summary: 'Forget a person',
  description: 'Their record in the vault goes, with all that were merged into it, and the bodies of refused and waiting messages that name them by any of their numbers. The log stays as it is: its pseudonyms lead nowhere then. Backups made before still hold the vault of their time.',
  permission: 'patients.erase', body: z.union([z.strictObject({ identifier: identifier() }), z.strictObject({ pseudonym: pseudonym() })]),
  answer: z.strictObject({ pseudonym: z.string(), record: z.boolean().describe('Whether there was any'), records: z.array(z.string()).describe('Pseudonyms of the records that went'), letters: z.int(), waiting: z.int() }), problems: [503], repeatable: true,
});
