import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, looking often; throws what it was waiting for when the time (ms) is over. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, limit = 30_000): Promise<void> {
  const end = performance.now() + limit;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${limit / 1000} s for ${what}`);
    await sleep(20);
  }
}
