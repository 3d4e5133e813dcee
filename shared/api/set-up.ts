import { z } from 'zod';
import { newUserSchema, userSchema } from './access.ts';
import { defineOperation } from './operation.ts';

export const getSetUp = defineOperation({
  id: 'getSetUp', method: 'GET', path: '/set-up', tag: 'access', summary: 'Whether the first account is still to be made', permission: 'anyone',
  answer: z.strictObject({ needed: z.boolean() }), problems: [503],
});

export const setUp = defineOperation({
  id: 'setUp', method: 'POST', path: '/set-up', tag: 'access', summary: 'Make the first account, an administrator, with the code that the core told its log', permission: 'anyone',
  description: 'Only while there is no account. The code is another with each start of the core; after ten wrong ones none is taken until then.',
  body: z.strictObject({ code: z.string().min(1).max(64), name: newUserSchema.shape.name, password: newUserSchema.shape.password.unwrap() }),
  status: 201, answer: userSchema, problems: [409, 503],
});

/** How a core was started, as far as people who set a site up need it. */
export const stationSchema = z.strictObject({
  tenant: z.string(), site: z.string(), station: z.string(), version: z.string(),
  /** Address of the broker without its password, or `embedded`, and then its port. */
  broker: z.string(), mqttPort: z.int(),
  /** Whether names of patients are kept here at all, and whether pseudonyms are made with a key that everybody knows. */
  vault: z.boolean(), developmentKey: z.boolean(),
  /** The site document's file; null: none. */
  file: z.string().nullable(),
});
export type StationFacts = z.output<typeof stationSchema>;

export const getStation = defineOperation({
  id: 'getStation', method: 'GET', path: '/station', tag: 'configuration', summary: 'How this core was started', permission: 'config.read', answer: stationSchema,
});
