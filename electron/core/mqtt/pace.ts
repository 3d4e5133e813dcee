import { setTimeout as sleep } from 'node:timers/promises';

/** A clock that is set anew is noticed within this time. */
const LOOK_MS = 1_000;

/** How fast recorded events go out: a factor of their own time, or as fast as the broker takes them. */
export type Speed = number | 'max';

/** Reads `60x`, `60` or `max`; undefined for anything else. */
export function parseSpeed(text: string): Speed | undefined {
  if (text === 'max') return 'max';
  const factor = /^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1];
  return factor && Number(factor) > 0 ? Number(factor) : undefined;
}

/** Waits until a site clock (epoch ms) that runs at `speed` reaches `time`; returns early when aborted. */
export async function until(time: number, clock: { now(): number; speed: number }, signal?: AbortSignal): Promise<void> {
  for (;;) {
    const wait = (time - clock.now()) / clock.speed;
    if (wait <= 0 || signal?.aborted) return;
    await sleep(Math.min(wait, LOOK_MS), undefined, signal ? { signal } : {}).catch(() => {});
  }
}
