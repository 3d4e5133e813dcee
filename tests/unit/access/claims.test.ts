import { expect, test } from 'vitest';
import { groupsIn, nameIn, rolesFrom } from '#core/access/claims.ts';

test.each([
  [{ groups: ['a', 'b'] }, 'groups', ['a', 'b']],
  [{ groups: 'a' }, 'groups', ['a']],
  [{ groups: ['a', 7, null, { b: 1 }] }, 'groups', ['a']],
  [{ realm_access: { roles: ['a'] } }, 'realm_access.roles', ['a']],
  // The name of a claim may be an address.
  [{ 'https://hospital.example/groups': ['a'] }, 'https://hospital.example/groups', ['a']],
  [{ groups: [] }, 'groups', []],
  [{ other: ['a'] }, 'groups', undefined],
  [{}, 'constructor.name', undefined],
])('given claims %j, when groups are looked for in %s, then they are %j', (claims, claim, groups) => {
  expect(groupsIn(claims, claim)).toEqual(groups);
});

test.each([
  ['Ann.Lee@Hospital.Example', 'ann.lee@hospital.example'],
  ['HOSPITAL\\ann', undefined],
  ['', undefined],
  ['a'.repeat(65), undefined],
  [7, undefined],
])('given a name %j, when an account is to have it, then it is %j', (said, name) => {
  expect(nameIn({ preferred_username: said }, 'preferred_username')).toBe(name);
});

test('given groups, when roles are looked up, then each once, and nothing for a group that is not named, whatever it is called', () => {
  expect(rolesFrom(['night', 'beds', 'choir', 'toString', '__proto__'], { beds: ['operator', 'manager'], night: ['operator'] })).toEqual(['operator', 'manager']);
});
