import { z } from 'zod';
import { epochMs, page, pageOf } from './fields.ts';
import { defineOperation } from './operation.ts';

const document = () => z.record(z.string(), z.unknown());
const version = () => z.int().min(0);
const why = () => z.string().trim().min(3).max(500);
const numbered = z.strictObject({ version: z.coerce.number().int().min(0) });

/** Where two documents differ; absent: nothing is said there. */
const difference = z.strictObject({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() });
const change = z.strictObject({ version: version(), at: epochMs(), who: z.string(), why: z.string() });

/** Where a setting comes from: a file said it, it was changed in the store, or nobody said anything. */
export const SETTING_ORIGINS = ['file', 'store', 'default'] as const;

const setting = z.strictObject({
  key: z.string(), description: z.string().nullable(), value: z.unknown(), origin: z.enum(SETTING_ORIGINS),
  /** Said by the file that this core was started with: to be changed there. */
  fixed: z.boolean(),
});

/** The site document in force, setting by setting. */
export const siteDocumentSchema = z.strictObject({ ...change.shape, file: z.string().nullable(), document: document(), settings: z.array(setting) });

const changed = z.strictObject({ version: version(), changes: z.array(difference) });

/** A configuration to carry from one site to another. */
export const bundleSchema = z.strictObject({ format: z.literal('vigil-configuration/1'), tenant: z.string(), site: z.string(), version: version().optional(), document: document() });

const group = { tag: 'configuration' } as const;

export const getConfig = defineOperation({ ...group, id: 'getConfig', method: 'GET', path: '/config', summary: 'The site document in force, with where each setting comes from', permission: 'config.read', answer: siteDocumentSchema, conditional: true });

export const putConfig = defineOperation({
  ...group, id: 'putConfig', method: 'PUT', path: '/config', summary: 'Put another site document in force, at once', permission: 'config.write',
  description: 'The document is whole: what it does not name is as by default. A setting that the --config file of the core says cannot be changed here. Another value of `users` needs users.write as well, and makes accounts what it says.',
  body: z.strictObject({ document: document(), why: why() }), answer: changed, problems: [409, 422, 503], guarded: true, repeatable: true,
});

export const validateConfig = defineOperation({
  ...group, id: 'validateConfig', method: 'POST', path: '/config/validate', summary: 'What a document would change, or what is wrong with it; nothing is changed', permission: 'config.read',
  body: z.strictObject({ document: document() }), answer: z.strictObject({ valid: z.boolean(), faults: z.array(z.strictObject({ path: z.string(), message: z.string() })), changes: z.array(difference) }),
});

export const listConfigChanges = defineOperation({ ...group, id: 'listConfigChanges', method: 'GET', path: '/config/history', summary: 'Who changed the site document, when and why; the newest first', permission: 'config.read', query: z.strictObject(page(500, 50)), answer: pageOf(change) });

export const getConfigVersion = defineOperation({ ...group, id: 'getConfigVersion', method: 'GET', path: '/config/versions/{version}', summary: 'The site document as a change left it', permission: 'config.read', params: numbered, answer: z.strictObject({ ...change.shape, document: document() }), problems: [404], conditional: true });

export const diffConfig = defineOperation({
  ...group, id: 'diffConfig', method: 'GET', path: '/config/diff', summary: 'Where two versions differ', permission: 'config.read',
  query: z.strictObject({ from: numbered.shape.version, to: numbered.shape.version }), answer: z.strictObject({ from: version(), to: version(), changes: z.array(difference) }), problems: [404],
});

export const rollbackConfig = defineOperation({
  ...group, id: 'rollbackConfig', method: 'POST', path: '/config/rollback', summary: 'Put an earlier version in force again, as a new change', permission: 'config.write',
  body: z.strictObject({ version: version(), why: why() }), answer: changed, problems: [404, 409, 422, 503], guarded: true, repeatable: true,
});

export const exportConfig = defineOperation({ ...group, id: 'exportConfig', method: 'GET', path: '/config/export', summary: 'The configuration of the site, to be kept or carried to another', permission: 'config.read', answer: bundleSchema });

export const exportWholeConfig = defineOperation({
  ...group, id: 'exportWholeConfig', method: 'GET', path: '/config/export/whole', summary: 'The same with every account of the site, by name and roles, without secrets', permission: 'config.read', also: 'users.write',
  description: 'Accounts that an identity provider vouches for and disabled ones are not in it. It tells no version: of two sites that are configured alike it is the same, byte for byte.',
  answer: bundleSchema, problems: [503],
});

export const importConfig = defineOperation({
  ...group, id: 'importConfig', method: 'POST', path: '/config/import', summary: 'Put an exported configuration in force; tenant and site stay this one\'s', permission: 'config.write',
  body: z.strictObject({ configuration: bundleSchema, why: why() }), answer: changed, problems: [409, 422, 503], guarded: true, repeatable: true,
});
