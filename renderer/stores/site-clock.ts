import type { FrameItem } from '#shared/views/frame.ts';

/** The core's clock as this machine carries it on: its own monotonic time, because wall clocks of machines differ. */
export interface Anchor {
  at: number;
  sentAt: number;
  speed: number;
  /** Monotonic ms of this page at which the site's clock stood at `at`. */
  monotonic: number;
}

/** A clock that was sent before keeps its anchor; a new one is anchored at its arrival. */
export function anchor(before: Anchor | undefined, clock: FrameItem['clock'], monotonic: number): Anchor {
  const { at, sentAt, speed } = clock;
  if (before && before.at === at && before.sentAt === sentAt && before.speed === speed) return before;
  return { at, sentAt, speed, monotonic };
}

/** Site time, epoch ms. */
export const siteTime = ({ at, speed, monotonic }: Anchor, now: number): number => at + (now - monotonic) * speed;
