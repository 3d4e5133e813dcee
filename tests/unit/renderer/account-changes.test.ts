import { expect, test } from 'vitest';
import { accountChanges } from '../../../renderer/settings/account-changes.ts';

const ann = { roles: ['operator' as const], disabled: false, password: true, pin: false, badge: false };

test('given an account that somebody else changed, then what they changed is told in words, and nothing else', () => {
  expect(accountChanges(ann, { ...ann, roles: ['manager', 'auditor'], pin: true })).toEqual([{ path: '/roles', before: 'operator', after: 'manager, auditor' }, { path: '/signsInBy', before: 'password', after: 'password, PIN' }]);
  expect(accountChanges(ann, { ...ann, roles: [], disabled: true, password: false })).toEqual([{ path: '/roles', before: 'operator', after: 'none' }, { path: '/disabled', before: 'no', after: 'yes' }, { path: '/signsInBy', before: 'password', after: 'nothing' }]);
});

test('given an account of which a secret was replaced, then there is nothing to tell', () => {
  expect(accountChanges(ann, { ...ann })).toEqual([]);
});
