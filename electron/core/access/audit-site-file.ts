import { openForReading } from '../store/open.ts';
import { siteVersion } from '../store/site-config.ts';
import type { AccessThread } from './access-thread.ts';
import type { AuditDesk } from './audit-desk.ts';

const ACTION = 'takeSiteFile';

/**
 * Has the trail hold that a start put in force what its file says, where it does not yet: also when an earlier start
 * could not write it. @param log the store's log, which holds the document
 */
export async function auditSiteFile(log: string, audit: Pick<AuditDesk, 'write'>, access: Pick<AccessThread, 'call'>): Promise<void> {
  const db = openForReading(log);
  const { version, at, who, why: file } = siteVersion(db);
  db.close();
  if (who !== 'file') return;
  const [last] = await access.call('listAudit', { action: ACTION, limit: 1 });
  if (last?.subject['changed'] === at) return;
  await audit.write({ action: ACTION, actor: { kind: 'local', name: 'site document', from: 'start' }, outcome: 'done', subject: { version, file, changed: at } });
}
