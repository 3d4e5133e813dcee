import type { FastifyRequest } from 'fastify';
import type { Operation } from '#shared/api/operation.ts';
import type { AuditEntry } from '../access/audit.ts';
import type { AuditDesk } from '../access/audit-desk.ts';
import type { Principal } from '../access/principal.ts';
import { NotNow } from '../store/reader-thread.ts';
import { Problem } from './problem.ts';
import type { Handler } from './routes.ts';

type Subject = AuditEntry['subject'];

/** Whether an operation leaves an entry: every write does, and reads that say so. */
export const leavesEntry = ({ method, audited }: Operation): boolean => method !== 'GET' || audited === true;

/** Refusals that are no answer to what was asked, or that a flood could fill the trail with. */
const UNTOLD = new Set([400, 428, 429]);

/** A handler whose answer waits until the audit trail holds what it did, or failed at; without a trail it does nothing. */
export function audited(operation: Operation, handler: Handler<Operation>, desk: AuditDesk): Handler<Operation> {
  if (!leavesEntry(operation)) return handler;
  return async (asked, caller) => {
    await kept(desk.ready(), 'Nothing was done');
    const subject: Record<string, Subject[string]> = { ...(asked.params as Subject | undefined) };
    const tell = (outcome: AuditEntry['outcome']) => desk.write({ action: operation.id, actor: actor(caller.principal, caller.from), outcome, subject });
    let answer;
    try {
      answer = await handler(asked, { ...caller, note: (more) => Object.assign(subject, more) });
    } catch (error) {
      // Nothing was done or shown; who asks again until it is would fill the trail.
      if (error instanceof NotNow) throw error;
      const status = error instanceof Problem ? error.status : 500;
      if (!UNTOLD.has(status)) {
        subject['status'] = status;
        await kept(tell(status === 401 || status === 403 ? 'refused' : 'failed'), 'It failed');
      }
      throw error;
    }
    if (caller.reply.getHeader('idempotency-replayed') !== undefined) subject['again'] = true;
    await kept(tell('done'), operation.method === 'GET' ? 'What was asked for is not shown' : 'It was done, and will stand in the trail');
    return answer;
  };
}

/** Writes down that somebody may not do what they asked. */
export async function auditRefusal(operation: Operation, request: FastifyRequest, principal: Principal, desk: AuditDesk): Promise<void> {
  if (!leavesEntry(operation)) return;
  const params = operation.params?.safeParse(request.params);
  await kept(desk.ready(), 'Nothing was done');
  await kept(desk.write({ action: operation.id, actor: actor(principal, request.ip), outcome: 'refused', subject: (params?.success ? params.data : {}) as Subject }), 'Nothing was done');
}

export const actor = ({ kind, name }: Principal, from: string): AuditEntry['actor'] => ({ kind, name, from });

/** Rejects with a {@link Problem} (503) that says what stands `meanwhile`, where the trail cannot be written. */
export async function kept(written: Promise<void>, meanwhile: string): Promise<void> {
  try {
    await written;
  } catch {
    throw new Problem(503, `${meanwhile}: the audit trail cannot be written now. Health tells why; ask again when it is well.`, { headers: { 'retry-after': '5' } });
  }
}
