import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROLE_NAMES } from '#shared/access/roles.ts';
import { bundleSchema } from '#shared/api/config.ts';
import type { SiteDocument } from '#shared/config/settings.ts';
import { wholeOf } from '#shared/config/whole.ts';
import { STAGE_NAMES, STAGES } from '#shared/wip.ts';
import { AccessStore } from '#core/access/access-store.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { propose } from '#core/store/site-changes.ts';
import { changeSite, siteVersion } from '#core/store/site-config.ts';
import { temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

/** A site: its document, and who may sign in. */
function emptySite() {
  const { db } = temporaryStore();
  const access = new AccessStore(join(temporaryDir(), 'access.db'), loadSiteKey(DEFAULT_SITE), () => 0);
  return {
    access,
    take(document: SiteDocument): void {
      const proposal = propose(DEFAULT_SITE, siteVersion(db), document);
      if (!proposal.ok) throw new Error(JSON.stringify(proposal.faults));
      changeSite(db, DEFAULT_SITE, { ...proposal.change, at: 0, who: 'a test', why: 'a test' });
      access.appoint(proposal.site.users);
    },
    bytes: () => JSON.stringify(wholeOf(DEFAULT_SITE, siteVersion(db).document, access.listUsers()), null, 2),
  };
}

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const users = fc.uniqueArray(fc.record({ name: word, roles: fc.subarray([...ROLE_NAMES]) }), { selector: ({ name }) => name, maxLength: 4 });
const beds = fc.uniqueArray(fc.constantFrom('1', '2', '3', '4'), { minLength: 1 });
const place = { x: 0, y: 0, w: 10, h: 10 };
const document = fc
  .record({
    title: word, beds, dirtyOnVacate: fc.boolean(), words: fc.uniqueArray(fc.stringMatching(/^[A-Z]{2,5}$/)), stage: fc.constantFrom(...STAGE_NAMES), limit: fc.integer({ min: 1, max: 50 }),
    screens: fc.array(fc.record({ station: word, boards: fc.subarray(['overview', 'or', 'floorplan/own'], { minLength: 1 }), x: fc.nat(9_999) }, { requiredKeys: ['station', 'boards'] })),
    sources: fc.uniqueArray(fc.record({ kind: fc.constantFrom('ehr', 'bed'), instance: word }), { selector: ({ kind, instance }) => `${kind} ${instance}` }), users,
  })
  .map(({ beds: own, words, stage, limit, screens, ...said }) => ({
    ...said,
    units: [{ id: 'W', name: 'Ward', kind: 'ward', beds: own }],
    statuses: { bed: Object.fromEntries(words.map((one) => [one, { base: 'blocked', label: one, reason: 'EQ' }])) },
    wipLimits: [{ stage, ...(STAGES[stage].byUnit ? { unit: 'W' } : {}), limit }],
    floorplans: [{ id: 'own', title: 'Own', width: 100, height: 100, units: [{ unit: 'W', ...place, beds: own.map((bed) => ({ bed, ...place })) }] }],
    layouts: { screens },
  }) as unknown as SiteDocument);

test('given any configuration, when it is exported, taken over by an empty site and exported there, then it is the same bytes', () => {
  fc.assert(fc.property(document, users, (said, others) => {
    const site = emptySite();
    site.take(said);
    const free = others.filter(({ name }) => !site.access.listUsers().some((one) => one.name === name));
    site.access.appoint([...(said['users'] as unknown as typeof others), ...free]);
    const exported = site.bytes();
    const other = emptySite();
    other.take(bundleSchema.parse(JSON.parse(exported)).document as SiteDocument);
    expect(other.bytes()).toBe(exported);
  }), { numRuns: 6 });
});

test('given an export with accounts, when it is taken over and then taken back, then the accounts of before are what they were', async () => {
  const site = emptySite();
  await site.access.createUser({ name: 'root', roles: ['admin'], password: 'correct horse battery' });
  const before = site.bytes();
  site.take({ users: [{ name: 'root', roles: ['admin', 'auditor'] }, { name: 'ann', roles: ['manager'] }] });
  expect(JSON.parse(site.bytes())).toMatchObject({ document: { users: [{ name: 'ann', roles: ['manager'] }, { name: 'root', roles: ['admin', 'auditor'] }] } });
  site.take({});
  expect(site.bytes()).toBe(before);
});

test('given who signs in through an identity provider or is disabled, when the configuration is exported, then they are not in it', () => {
  const account = (name: string, disabled = false) => ({ name, roles: [], disabled });
  expect(wholeOf(DEFAULT_SITE, {}, [account('oidc:eve'), account('bob', true), account('ann')]).document['users']).toEqual([{ name: 'ann', roles: [] }]);
});
