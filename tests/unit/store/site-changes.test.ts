import { describe, expect, it } from 'vitest';
import { siteConfigSchema } from '#shared/site.ts';
import type { SiteDocument } from '#shared/config/settings.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { propose } from '#core/store/site-changes.ts';
import { ChangedMeanwhile } from '#core/store/changed-meanwhile.ts';
import { changeSite, endHistoryInForce, siteChanges, siteVersion, siteVersionAt, storedSiteConfig, takeSiteFile, type SiteFile } from '#core/store/site-config.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const AT = 1_768_000_000_000;
const site = DEFAULT_SITE;
const file = (document: SiteDocument): SiteFile => ({ path: '/etc/vigil.yaml', document });
const by = (who: string) => ({ who, why: 'a test', at: AT });

describe('changes of the site document', () => {
  it('given a store that nobody configured, when it is changed, then the new document is in force and the change is kept', () => {
    const { db } = temporaryStore();
    expect(siteVersion(db)).toMatchObject({ version: 0, document: {} });
    expect(changeSite(db, site, { document: { title: 'St. Mary' }, fromFile: [], from: 0, ...by('ann') })).toBe(1);
    expect(storedSiteConfig(db, site)).toMatchObject({ title: 'St. Mary', timezone: 'UTC' });
    expect(siteChanges(db, { limit: 10 })).toEqual([{ version: 1, ...by('ann') }]);
  });

  it('given a change made meanwhile, when one made from the version before comes, then it is refused and nothing is changed', () => {
    const { db } = temporaryStore();
    changeSite(db, site, { document: { title: 'A' }, fromFile: [], from: 0, ...by('ann') });
    expect(() => changeSite(db, site, { document: { title: 'B' }, fromFile: [], from: 0, ...by('bob') })).toThrow(ChangedMeanwhile);
    expect(storedSiteConfig(db, site).title).toBe('A');
  });

  it('given many changes, when they are listed in pages, then each comes once, the newest first', () => {
    const { db } = temporaryStore();
    for (let n = 0; n < 5; n++) changeSite(db, site, { document: { title: `T${n}` }, fromFile: [], ...by('ann') });
    const [first, second] = [siteChanges(db, { limit: 3 }), siteChanges(db, { before: 3, limit: 3 })];
    expect([...first, ...second].map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
    expect(siteVersionAt(db, 2)?.document).toEqual({ title: 'T1' });
    expect(siteVersionAt(db, 9)).toBeUndefined();
  });

  it('given a file, when the store is opened again with it, then only what differs is a change', () => {
    const dataDir = temporaryDir();
    const opened = (siteFile?: SiteFile) => {
      const store = openSiteStore({ dataDir, id: site, withVault: false, siteFile });
      const found = { ...siteVersion(store.db), title: storedSiteConfig(store.db, site).title };
      store.close();
      return found;
    };
    expect(opened(file({ title: 'A', or: { expectedTurnoverMinutes: 20 } }))).toMatchObject({ version: 1, who: 'file', why: '/etc/vigil.yaml', fromFile: ['title', 'or.expectedTurnoverMinutes'] });
    expect(opened(file({ title: 'A', or: { expectedTurnoverMinutes: 20 } })).version).toBe(1);
    expect(opened().version).toBe(1);
    expect(opened(file({ title: 'B' }))).toMatchObject({ version: 2, title: 'B', document: { title: 'B' } });
  });

  it('given a setting changed in the store, when a file comes that says another one, then both hold; what the file says wins', () => {
    const { db } = temporaryStore();
    changeSite(db, site, { document: { title: 'Store', timezone: 'Europe/Vienna' }, fromFile: [], ...by('ann') });
    takeSiteFile(db, site, file({ title: 'File' }), AT);
    expect(storedSiteConfig(db, site)).toMatchObject({ title: 'File', timezone: 'Europe/Vienna' });
    takeSiteFile(db, site, file({}), AT);
    expect(storedSiteConfig(db, site)).toMatchObject({ title: 'Unconfigured site', timezone: 'Europe/Vienna' });
  });
});

it('given a store from before changes were kept, when a file comes, then the document in it counts as that of an earlier file', () => {
  const { db } = temporaryStore();
  db.prepare("INSERT INTO site (key, value) VALUES ('config', ?)").run(JSON.stringify(siteConfigSchema.parse({ title: 'Old', timezone: 'Europe/Vienna' })));
  expect(siteVersion(db)).toMatchObject({ version: 0, document: { title: 'Old' } });
  takeSiteFile(db, site, file({ title: 'New' }), AT);
  expect(storedSiteConfig(db, site)).toEqual(siteConfigSchema.parse({ title: 'New' }));
  expect(siteChanges(db, { limit: 9 })).toMatchObject([{ version: 1, who: 'file' }]);
});

describe('a proposal', () => {
  const now = { version: 3, ...by('ann'), document: { title: 'A', retention: { events: 30 } }, fromFile: ['title', 'retention.events'] };

  it('says what it would change, and which settings no file says any more', () => {
    const found = propose(site, now, { title: 'B', retention: { events: 30 } });
    expect(found).toMatchObject({ ok: true, changes: [{ path: '/title', before: 'A', after: 'B' }], change: { from: 3, fromFile: ['retention.events'] } });
  });

  it('may not change what the file of the core says, and is told where to change it', () => {
    const found = propose(site, now, { title: 'B', retention: { events: 30 } }, file({ title: 'A' }));
    expect(found).toEqual({ ok: false, faults: [{ path: 'title', message: 'is said by /etc/vigil.yaml; change it there and start the core again' }] });
  });

  it('may not name the store anew', () => {
    expect(propose(site, now, { ...now.document, site: 'other' })).toMatchObject({ ok: false, faults: [{ path: 'site' }] });
  });

  it('of a faulty document names the faults', () => {
    expect(propose(site, now, { titel: 'B' })).toMatchObject({ ok: false, faults: [{ path: 'titel' }] });
  });
});

it('given a history of which the end is lost, when the document in force outlived it, then that is the newest version', () => {
  const { db } = temporaryStore();
  for (const title of ['A', 'B']) changeSite(db, site, { document: { title }, fromFile: [], ...by('ann') });
  endHistoryInForce(db, AT);
  expect(siteVersion(db).version).toBe(2);
  db.exec('DELETE FROM site_change WHERE version = 2');
  endHistoryInForce(db, AT);
  expect(siteVersion(db)).toMatchObject({ version: 2, who: 'recovery', document: { title: 'B' } });
});
