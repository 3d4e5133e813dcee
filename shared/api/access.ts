import { z } from 'zod';
import { userName } from '../access/names.ts';
import { PERMISSION_NAMES, ROLE_NAMES } from '../access/roles.ts';
import { weaknessOf } from '../access/weak-pin.ts';
import { epochMs, page, pageOf } from './fields.ts';
import { defineOperation } from './operation.ts';

/** Cookie that a browser's session goes by. */
export const SESSION_COOKIE = 'vigil_session';

/** How somebody signed in; `oidc`: an identity provider said who it is. */
export const METHODS = ['password', 'pin', 'badge', 'oidc'] as const;
export type Method = (typeof METHODS)[number];

/** Also of who came through an identity provider. */
const anyUserName = () => z.string().regex(/^(oidc:)?[a-z0-9][a-z0-9._@-]{0,63}$/);
/** NIST SP 800-63B-4: 15 characters where a password is all that is asked; length is bounded so that hashing is. */
const newPassword = () => z.string().min(15).max(128);
const newPin = () =>
  z.string().regex(/^\d{6,12}$/, { error: '6 to 12 digits', abort: true }).superRefine((pin, context) => {
    const weakness = weaknessOf(pin);
    if (weakness !== undefined) context.addIssue({ code: 'custom', message: `too easy to guess, for ${weakness}: choose another` });
  });
const newBadge = () => z.string().regex(/^[\x21-\x7e]{6,64}$/, '6 to 64 letters, digits or signs');
const roles = () => z.array(z.enum(ROLE_NAMES)).max(ROLE_NAMES.length);

export const signInSchema = z.union([
  z.strictObject({ name: z.string().min(1).max(64), password: z.string().min(1).max(128) }),
  z.strictObject({ name: z.string().min(1).max(64), pin: z.string().min(1).max(12) }),
  z.strictObject({ badge: z.string().min(1).max(64) }),
]);
export type SignIn = z.output<typeof signInSchema>;

const whoSchema = z.strictObject({
  kind: z.enum(['anyone', 'local', 'user', 'token']),
  name: z.string(),
  roles: roles(),
  permissions: z.array(z.enum(PERMISSION_NAMES)),
  /** Of a session: how it was begun, when it ends, after how many ms of rest it ends before, until when patients are shown. */
  session: z.strictObject({ method: z.enum(METHODS), ends: epochMs(), idleMs: z.int(), glassUntil: epochMs().nullable() }).optional(),
});

export const createSession = defineOperation({
  id: 'createSession', method: 'POST', path: '/session', tag: 'access', summary: 'Sign in', permission: 'anyone',
  description: 'By name and password, at a kiosk by name and PIN or by badge alone. Browsers get a cookie; with `bearer` the secret is answered instead. After wrong attempts the next must wait, longer each time (429).',
  body: z.strictObject({ by: signInSchema, bearer: z.boolean().default(false) }),
  status: 201, answer: z.strictObject({ ...whoSchema.shape, secret: z.string().optional() }), problems: [503],
});

export const getSession = defineOperation({
  id: 'getSession', method: 'GET', path: '/session', tag: 'access', summary: 'Who asks, and what they may', permission: 'anyone',
  description: '`identityProvider`: title of the identity provider by which this site signs people in, at `/oidc/login`; absent where there is none.',
  answer: z.strictObject({ ...whoSchema.shape, identityProvider: z.string().optional() }),
});

export const deleteSession = defineOperation({ id: 'deleteSession', method: 'DELETE', path: '/session', tag: 'access', summary: 'Sign out', permission: 'anyone', problems: [503] });

export const changePassword = defineOperation({
  id: 'changePassword', method: 'PUT', path: '/session/password', tag: 'access', summary: 'Change one\'s own password', permission: 'anyone',
  description: 'By who signed in with it. The other sessions of the account end; this one goes on. Wrong old passwords count as wrong attempts to sign in.',
  body: z.strictObject({ old: z.string().min(1).max(128), password: newPassword() }), problems: [409, 503],
});

export const breakGlass = defineOperation({
  id: 'breakGlass', method: 'POST', path: '/session/break-glass', tag: 'access', summary: 'See who patients are for 15 minutes, with a reason', permission: 'patients.break-glass',
  description: 'For this session alone. The reason stands in the audit trail: name no patient in it.',
  body: z.strictObject({ reason: z.string().trim().min(10).max(500) }), answer: z.strictObject({ until: epochMs() }), problems: [409, 503],
});

/** An account as people make it: `version` grows with each change. */
export const accountSchema = z.strictObject({ name: z.string(), roles: roles(), password: z.boolean(), pin: z.boolean(), badge: z.boolean(), disabled: z.boolean(), created: epochMs(), version: z.int() });
export type Account = z.output<typeof accountSchema>;

/** The same with what signing in moves. */
const userSchema = accountSchema.extend({ lastLogin: epochMs().nullable() });
export type User = z.output<typeof userSchema>;

export const listUsers = defineOperation({ id: 'listUsers', method: 'GET', path: '/users', tag: 'access', summary: 'Every local account', permission: 'users.write', query: z.strictObject(page()), answer: pageOf(userSchema), problems: [503], conditional: 'unkept' });

export const getUser = defineOperation({
  id: 'getUser', method: 'GET', path: '/users/{name}', tag: 'access', summary: 'One local account', permission: 'users.write',
  description: 'Its ETag is that of a change. When somebody was last here, the list tells.',
  params: z.strictObject({ name: anyUserName() }), answer: accountSchema, problems: [404, 503], conditional: 'unkept',
});

export const newUserSchema = z.strictObject({ name: userName(), roles: roles(), password: newPassword().optional(), pin: newPin().optional(), badge: newBadge().optional() });
export type NewUser = z.output<typeof newUserSchema>;

export const createUser = defineOperation({
  id: 'createUser', method: 'POST', path: '/users', tag: 'access', summary: 'Make an account', permission: 'users.write',
  description: 'A PIN that is easy to guess is refused (400).',
  body: newUserSchema, status: 201, answer: accountSchema, problems: [409, 503], repeatable: true,
});

export const userChangeSchema = z.strictObject({ roles: roles().optional(), disabled: z.boolean().optional(), password: newPassword().nullable().optional(), pin: newPin().nullable().optional(), badge: newBadge().nullable().optional() });
export type UserChange = z.output<typeof userChangeSchema>;

export const updateUser = defineOperation({
  id: 'updateUser', method: 'PUT', path: '/users/{name}', tag: 'access', summary: 'Change an account; what is not named stays, null takes a password, PIN or badge away', permission: 'users.write',
  description: 'A new password, PIN or badge and `disabled` end the sessions of the account. The last administrator stays one. A PIN that is easy to guess is refused (400).',
  params: z.strictObject({ name: anyUserName() }), body: userChangeSchema, answer: accountSchema, problems: [404, 409, 503], guarded: true, repeatable: true,
});

export const tokenSchema = z.strictObject({ name: z.string(), scopes: z.array(z.enum(PERMISSION_NAMES)), created: epochMs(), expires: epochMs(), lastUsed: epochMs().nullable(), revoked: epochMs().nullable() });
export type Token = z.output<typeof tokenSchema>;

export const listTokens = defineOperation({ id: 'listTokens', method: 'GET', path: '/tokens', tag: 'access', summary: 'Every API token, those that ended too', permission: 'users.write', query: z.strictObject(page()), answer: pageOf(tokenSchema), problems: [503], conditional: 'unkept' });

export const getToken = defineOperation({ id: 'getToken', method: 'GET', path: '/tokens/{name}', tag: 'access', summary: 'One API token, without its secret', permission: 'users.write', params: z.strictObject({ name: userName() }), answer: tokenSchema, problems: [404, 503], conditional: 'unkept' });

export const newTokenSchema = z.strictObject({ name: userName(), scopes: z.array(z.enum(PERMISSION_NAMES)).min(1), days: z.int().min(1).max(3_650).default(365) });
export type NewToken = z.output<typeof newTokenSchema>;

export const createToken = defineOperation({
  id: 'createToken', method: 'POST', path: '/tokens', tag: 'access', summary: 'Make an API token; its secret is answered this once', permission: 'users.write',
  description: 'A token that makes another gives it no scope that it lacks itself; nor does it make or change accounts that may more than it may.',
  body: newTokenSchema, status: 201, answer: z.strictObject({ ...tokenSchema.shape, secret: z.string() }), problems: [409, 503],
});

export const revokeToken = defineOperation({ id: 'revokeToken', method: 'DELETE', path: '/tokens/{name}', tag: 'access', summary: 'End an API token', permission: 'users.write', params: z.strictObject({ name: userName() }), problems: [404, 503], repeatable: true });
