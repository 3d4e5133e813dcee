import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditDesk } from './audit-desk.ts';

const ROUND_MS = 10 * 60_000;
/** Between two steps, for who signs in by the same thread. */
const REST_MS = 20;

/**
 * Looks every ten minutes, and at once, for rows of the audit trail that are older than the site keeps them, and has them
 * forgotten step by step. Returns how to stop.
 * @param days that the trail is kept now
 */
export function keepAudit(desk: Pick<AuditDesk, 'forget'>, days: () => number, log: (line: string) => void): () => void {
  let stopped = false;
  let atWork = false;
  let told: string | undefined;
  const round = async () => {
    if (atWork) return;
    atWork = true;
    try {
      while (!stopped && (await desk.forget(days())) > 0) await sleep(REST_MS);
      told = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message !== told && !stopped) log(`the audit trail forgets nothing: ${message}`);
      told = message;
    }
    atWork = false;
  };
  void round();
  const timer = setInterval(() => void round(), ROUND_MS);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
