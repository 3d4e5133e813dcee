import type { LiveSite } from './live-site.ts';

/** A small site is whole before anyone looks. */
const FIRST_MS = 40;
/** A step and a pause: commits and patches wait no longer than a step. */
const STEP_MS = 6;
const PAUSE_MS = 3;

/**
 * Reads what was over lately into the live copy, in steps between everything else that the network loop does.
 * `failed` is told what the store said when it cannot be read on; the first step throws. Returns how to stop.
 */
export function readBehind(site: LiveSite, failed: (error: unknown) => void): () => void {
  const step = () => {
    try {
      if (!site.readOn(STEP_MS)) timer = setTimeout(step, PAUSE_MS);
    } catch (error) {
      failed(error);
    }
  };
  let timer = site.readOn(FIRST_MS) ? undefined : setTimeout(step, PAUSE_MS);
  return () => {
    clearTimeout(timer);
    site.stopReading();
  };
}
