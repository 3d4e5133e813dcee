import { diffConfig, exportConfig, exportWholeConfig, getConfig, getConfigVersion, importConfig, listConfigChanges, putConfig, rollbackConfig, validateConfig } from '#shared/api/config.ts';
import type { Answered } from '#shared/api/operation.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import { differences } from '#shared/config/difference.ts';
import { documentOf, keysIn, said, SETTINGS, type SiteDocument } from '#shared/config/settings.ts';
import { wholeOf } from '#shared/config/whole.ts';
import { siteConfigSchema, type SiteConfig } from '#shared/site.ts';
import type { AccessThread } from '../access/access-thread.ts';
import { wallClock } from '../clock/clock.ts';
import type { Principal } from '../access/principal.ts';
import { openForReading, type Db } from '../store/open.ts';
import type { SiteId } from '../store/paths.ts';
import { propose, type Proposal } from '../store/site-changes.ts';
import { siteChanges, siteVersion, siteVersionAt, type SiteFile, type SiteVersion } from '../store/site-config.ts';
import type { Answer, Ask } from '../store/writer-protocol.ts';
import { within } from './access.ts';
import { heed } from './precondition.ts';
import { Problem } from './problem.ts';
import { route, type Caller, type Route } from './routes.ts';

export interface ConfigParts {
  readonly id: SiteId;
  /** The store's log, which holds the document and its history. */
  readonly log: string;
  /** The file that this core was started with. */
  readonly file: SiteFile | undefined;
  readonly ask: (ask: Ask) => Promise<Answer>;
  /** A document is in force: the core goes by it from now on. */
  readonly inForce: (site: SiteConfig) => void;
}

/** The site document, its changes and what becomes of them. */
export function configRoutes({ id, log, file, ask, inForce }: ConfigParts, accounts: AccessThread['call']): Route[] {
  const reading = <T>(work: (db: Db) => T): T => {
    const db = openForReading(log);
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  const now = () => reading(siteVersion);
  const versionAt = (version: number): SiteVersion => {
    const found = reading((db) => siteVersionAt(db, version));
    if (!found) throw new Problem(404, `There is no version ${version} of the site document; /config/history lists them.`);
    return found;
  };
  const change = async (current: SiteVersion, wanted: SiteDocument, why: string, caller: Caller) => {
    const { principal, note } = caller;
    note({ why });
    heed(caller, shown(id, current, file), `The site document is at version ${current.version}, changed by ${current.who}: ${current.why}. Read it again.`);
    const proposal = propose(id, current, wanted, file);
    if (!proposal.ok) throw new Problem(422, proposal.faults.map(({ path, message }) => `${path || '(document)'}: ${message}`).join('; '), { faults: proposal.faults.map((fault) => ({ in: 'body', ...fault })) });
    if (proposal.changes.length === 0) return { version: current.version, changes: [] };
    const users = appointed(proposal);
    if (users) {
      mayAppoint(users, principal);
      await accounts('appoint', users, true);
    }
    const answer = await ask({ what: 'configure', change: { ...proposal.change, at: wallClock.now(), who: principal.name, why } });
    if (!answer.ok) throw new Problem(answer.stale ? 412 : 503, answer.problem);
    inForce(proposal.site);
    note({ version: answer.version!, changes: proposal.changes.length });
    // A core that ends here makes up for it when it starts.
    if (users) note({ users: (await accounts('appoint', users)).join(' ') });
    return { version: answer.version!, changes: [...proposal.changes] };
  };
  return [
    route(getConfig, () => shown(id, now(), file)),
    route(putConfig, ({ body }, caller) => change(now(), body.document as SiteDocument, body.why, caller)),
    route(validateConfig, async ({ body }) => {
      const proposal = propose(id, now(), body.document as SiteDocument, file);
      const users = appointed(proposal);
      const refusal = users && (await accounts('appoint', users, true).then(() => undefined, (error: Error) => error.message));
      if (refusal !== undefined) return { valid: false, faults: [{ path: 'users', message: refusal }], changes: [] };
      return proposal.ok ? { valid: true, faults: [], changes: [...proposal.changes] } : { valid: false, faults: [...proposal.faults], changes: [] };
    }),
    route(listConfigChanges, ({ query: { limit, cursor } }) => {
      const before = cursor === undefined ? Infinity : Number(cursor);
      if (Number.isNaN(before)) throw new Problem(400, 'query cursor: not one that this list gave; leave it out to begin with the newest');
      const items = reading((db) => siteChanges(db, { before, limit }));
      return { items, ...(items.length === limit ? { next: String(items.at(-1)!.version) } : {}) };
    }),
    route(getConfigVersion, ({ params }) => {
      const { fromFile: _, ...found } = versionAt(params.version);
      return found;
    }),
    route(diffConfig, ({ query: { from, to } }) => ({ from, to, changes: differences(versionAt(from).document, versionAt(to).document) })),
    route(rollbackConfig, ({ body }, caller) => {
      const current = now();
      const earlier = versionAt(body.version).document;
      const byFile = new Set(file && keysIn(file.document));
      return change(current, documentOf((setting) => said(byFile.has(setting.key) ? current.document : earlier, setting)), body.why, caller);
    }),
    route(exportConfig, () => {
      const { version, document } = now();
      return { format: 'vigil-configuration/1' as const, ...id, version, document };
    }),
    route(exportWholeConfig, async () => wholeOf(id, now().document, await accounts('listUsers'))),
    route(importConfig, ({ body }, caller) => change(now(), { ...body.configuration.document, ...id } as SiteDocument, body.why, caller)),
  ];
}

/** The accounts that a document names, where it names others than the one in force. */
const appointed = (proposal: Proposal): SiteConfig['users'] | undefined => (proposal.ok && proposal.changes.some(({ path }) => /^\/users(\/|$)/.test(path)) ? proposal.site.users : undefined);

/** Throws a {@link Problem} (403) for who may not say what others may. */
function mayAppoint(users: SiteConfig['users'], principal: Principal): void {
  if (!principal.permissions.has('users.write')) throw new Problem(403, 'The document says other accounts or roles (users): that takes users.write as well.');
  within(principal, permissionsOf(users.flatMap(({ roles }) => roles)));
}

function shown(id: SiteId, { fromFile, ...current }: SiteVersion, file: SiteFile | undefined): Answered<typeof getConfig> {
  const site = siteConfigSchema.parse({ ...id, ...current.document });
  const [byFile, fixed] = [new Set(fromFile), new Set(file && keysIn(file.document))];
  const settings = SETTINGS.map((setting) => {
    const { key, description = null } = setting;
    const origin = byFile.has(key) ? ('file' as const) : said(current.document, setting) === undefined ? ('default' as const) : ('store' as const);
    return { key, description, value: said(site, setting) ?? null, origin, fixed: fixed.has(key) || key === 'tenant' || key === 'site' };
  });
  return { ...current, file: file?.path ?? null, settings };
}
