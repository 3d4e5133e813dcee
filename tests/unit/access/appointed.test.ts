import { expect, test } from 'vitest';
import { AccessStore } from '#core/access/access-store.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { join } from 'node:path';
import { temporaryDir } from '../../fixtures/stores.ts';

const PASSWORD = 'correct horse battery';
const open = () => new AccessStore(join(temporaryDir(), 'access.db'), loadSiteKey(DEFAULT_SITE), () => 1_700_000_000_000, { N: 2 ** 11, r: 8, p: 3 });
const roles = (store: AccessStore) => Object.fromEntries(store.listUsers().map(({ name, roles: own, disabled }) => [name, disabled ? 'disabled' : own.join(' ')]));

async function withAdmin(): Promise<AccessStore> {
  const store = open();
  await store.createUser({ name: 'root', roles: ['admin'], password: PASSWORD });
  await store.createUser({ name: 'ann', roles: ['manager'], password: PASSWORD });
  return store;
}

test('given a document that names accounts, when it is followed, then they are there with its roles, and a second time changes nothing', async () => {
  const store = await withAdmin();
  const named = [{ name: 'ann', roles: ['auditor' as const] }, { name: 'bob', roles: ['operator' as const] }];
  expect(store.appoint(named, true)).toEqual(['ann', 'bob']);
  expect(roles(store)).toEqual({ root: 'admin', ann: 'manager' });
  expect(store.appoint(named)).toEqual(['ann', 'bob']);
  expect(roles(store)).toEqual({ root: 'admin', ann: 'auditor', bob: 'operator' });
  expect(store.appoint(named)).toEqual([]);
  await expect(store.updateUser('bob', { roles: ['admin'] })).rejects.toThrow(/site document says the roles of bob/);
});

test('given accounts that a document named, when it names them no more, then who was there before is what they were, and who was not is disabled until named again', async () => {
  const store = await withAdmin();
  const named = [{ name: 'ann', roles: ['auditor' as const] }, { name: 'bob', roles: ['operator' as const] }];
  store.appoint(named);
  expect(store.appoint([])).toEqual(['ann', 'bob']);
  expect(roles(store)).toEqual({ root: 'admin', ann: 'manager', bob: 'disabled' });
  expect(store.appoint(named)).toEqual(['ann', 'bob']);
  expect(roles(store)).toEqual({ root: 'admin', ann: 'auditor', bob: 'operator' });
});

test('given one administrator, when a document takes the role away, then it is refused whole', async () => {
  const store = await withAdmin();
  expect(() => store.appoint([{ name: 'bob', roles: ['operator'] }, { name: 'root', roles: ['manager'] }])).toThrow(/Nobody with a password/);
  expect(roles(store)).toEqual({ root: 'admin', ann: 'manager' });
});

test('given somebody whom an identity provider vouches for, when a document names them, then it is refused', () => {
  const store = open();
  const { principal } = store.admit({ subject: 'https://idp/ 1', name: 'eve', roles: ['manager'] });
  expect(() => store.appoint([{ name: principal.name, roles: ['admin'] }])).toThrow(/identity provider/);
});
