import { checkSite, type Fault } from '#shared/config/check.ts';
import { canonical, differences, type Difference } from '#shared/config/difference.ts';
import { said, SETTINGS, type SiteDocument } from '#shared/config/settings.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { SiteId } from './paths.ts';
import type { SiteFile, SiteVersion, WantedChange } from './site-config.ts';

/** What would become of a document that somebody wants in force. */
export type Proposal =
  | { readonly ok: true; readonly site: SiteConfig; readonly changes: readonly Difference[]; readonly change: Pick<WantedChange, 'document' | 'fromFile' | 'from'> }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Judges a document that is to follow the one in force: what is wrong with it, what it would change, and what of it a
 * file still says. `file`: the one that this core was started with; what it says is fixed, as are tenant and site.
 */
export function propose(id: SiteId, now: SiteVersion, wanted: SiteDocument, file?: SiteFile): Proposal {
  const document = { ...id, ...wanted };
  const checked = checkSite(document);
  if (!checked.ok) return checked;
  const before = { ...id, ...now.document };
  const touched = SETTINGS.filter((setting) => canonical(said(before, setting)) !== canonical(said(document, setting)));
  const faults = touched.flatMap(({ key, path }): Fault[] => {
    if (key === 'tenant' || key === 'site') return [{ path: key, message: `is ${said(before, { path }) as string} for good: it names the store` }];
    return file && said(file.document, { path }) !== undefined ? [{ path: key, message: `is said by ${file.path}; change it there and start the core again` }] : [];
  });
  if (faults.length > 0) return { ok: false, faults };
  const anew = new Set(touched.map(({ key }) => key));
  return { ok: true, site: checked.site, changes: differences(before, document), change: { document, fromFile: now.fromFile.filter((key) => !anew.has(key)), from: now.version } };
}
