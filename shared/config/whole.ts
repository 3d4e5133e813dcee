import type { User } from '../api/access.ts';
import type { Json } from '../json.ts';
import { documentOf, said, type SiteDocument } from './settings.ts';

/** A configuration to be kept or carried to another site. */
export interface Bundle {
  readonly format: 'vigil-configuration/1';
  readonly tenant: string;
  readonly site: string;
  readonly document: SiteDocument;
}

/**
 * The whole configuration: the document, and with it every account that can sign in here, by name and roles. Settings
 * stand in one order, whoever wrote them; so two sites that are configured alike give the same.
 */
export function wholeOf(id: { readonly tenant: string; readonly site: string }, document: SiteDocument, accounts: readonly Pick<User, 'name' | 'roles' | 'disabled'>[]): Bundle {
  const users = accounts.filter(({ name, disabled }) => !disabled && !name.startsWith('oidc:')).map(({ name, roles }) => ({ name, roles: [...roles] })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const whole = { ...document, ...id };
  return { format: 'vigil-configuration/1', ...id, document: documentOf((setting) => (setting.key === 'users' ? (users.length > 0 ? (users as unknown as Json) : undefined) : said(whole, setting))) };
}
