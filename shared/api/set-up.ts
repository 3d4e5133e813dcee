import { z } from 'zod';
import { accountSchema, newUserSchema } from './access.ts';
import { defineOperation } from './operation.ts';

export const getSetUp = defineOperation({
  id: 'getSetUp', method: 'GET', path: '/set-up', tag: 'access', summary: 'Whether the first account is still to be made', permission: 'anyone',
  answer: z.strictObject({ needed: z.boolean() }), problems: [503],
});

export const setUp = defineOperation({
  id: 'setUp', method: 'POST', path: '/set-up', tag: 'access', summary: 'Make the first account, an administrator, with the code that the core told its log', permission: 'anyone',
  description: 'Only while there is no account. The code is another with each start of the core; after ten wrong ones none is taken until then.',
  body: z.strictObject({ code: z.string().min(1).max(64), name: newUserSchema.shape.name, password: newUserSchema.shape.password.unwrap() }),
  status: 201, answer: accountSchema, problems: [409, 503],
});
