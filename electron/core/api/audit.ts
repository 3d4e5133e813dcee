import { listAudit, verifyAudit } from '#shared/api/audit.ts';
import type { AccessThread } from '../access/access-thread.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

/** The audit trail for those who review it; that they look stands in it too. */
export function auditRoutes(access: AccessThread): Route[] {
  let verifying = false;
  return [
    route(listAudit, async ({ query: { cursor, ...query } }, { note }) => {
      note(Object.fromEntries(Object.entries({ ...query, cursor }).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))));
      if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw new Problem(400, 'query cursor: not one that this list gave.', { faults: [{ in: 'query', path: 'cursor', message: 'not one that this list gave' }] });
      const items = await access.call('listAudit', { ...query, limit: query.limit + 1, before: cursor === undefined ? undefined : Number(cursor) });
      const more = items.length > query.limit;
      if (more) items.pop();
      return { items, ...(more ? { next: String(items.at(-1)!.seq) } : {}) };
    }),
    route(verifyAudit, async ({ query }) => {
      // It goes through every row, in the thread that people sign in by.
      if (verifying) throw new Problem(409, 'The trail is being verified already; ask again when that is done.');
      verifying = true;
      try {
        return await access.call('verifyAudit', query.head);
      } finally {
        verifying = false;
      }
    }),
  ];
}
