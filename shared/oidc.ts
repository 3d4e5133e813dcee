import { z } from 'zod';
import { ROLE_NAMES } from './access/roles.ts';

/** By TLS, but for a provider on this machine. */
const ISSUER = /^(https:\/\/[^\s?#@]+|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?(\/[^\s?#]*)?)$/;
const claim = () => z.string().min(1).max(128);

/** An identity provider as the site document names it. */
export const oidcSchema = z.object({
  issuer: z.string().max(512).regex(ISSUER, 'an address such as https://login.hospital.example, without "?" and "#"').refine((text) => URL.canParse(text), 'no address').describe('Issuer identifier; what it offers is read from its /.well-known/openid-configuration.'),
  title: z.string().min(1).max(40).default('identity provider').describe('What people at desks call it.'),
  clientId: z.string().min(1).max(256).describe('As the provider knows this site; its redirect URI is https://NAME:PORT/api/v1/ops/oidc/callback.'),
  secretFile: z.string().regex(/^oidc[A-Za-z0-9._-]{0,60}$/, 'the name of a file that begins with "oidc", without folders').optional().describe('Name of the file that holds the client secret, in the data directory of the core or among the credentials that systemd gives it. Without one the client is a public one.'),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/)).max(20).default(['openid', 'profile']).describe('What is asked for; openid always is.'),
  nameClaim: claim().default('preferred_username').describe('Claim that holds the name of an account.'),
  rolesClaim: claim().default('groups').describe('Claim that holds groups: a text, a list of texts, or the way to them with dots such as realm_access.roles.'),
  roles: z.record(z.string().min(1).max(256), z.array(z.enum(ROLE_NAMES)).max(ROLE_NAMES.length)).default({}).describe('Roles here, by group there. Groups that are not named give none, and who has none is not signed in.'),
});
export type OidcSettings = z.output<typeof oidcSchema>;
