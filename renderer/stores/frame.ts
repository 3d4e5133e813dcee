import { defineStore } from 'pinia';
import { computed, effectScope, shallowRef, watch } from 'vue';
import { stalest, type Freshness } from '#shared/freshness.ts';
import type { FeedItem, FrameItem } from '#shared/views/frame.ts';
import type { Anchor } from './site-clock.ts';
import { anchor, siteTime } from './site-clock.ts';
import type { Projection } from './projection.ts';
import { useViews } from './views.ts';

const TICK_MS = 1000;

/** The screen frame: site, clock and feeds. Its clock runs on without the core, so that ages grow when the core is gone. */
export const useFrame = defineStore('frame', () => {
  const projection = shallowRef<Projection>();
  /** Site time of the last tick, epoch ms; 0 until the core has told its clock. */
  const now = shallowRef(0);
  let held: Anchor | undefined;

  const site = computed(() => projection.value?.item('frame').value as FrameItem | undefined);
  const feedKeys = computed(() => projection.value?.keys.value.filter((key) => key.startsWith('feed:')) ?? []);
  const zone = computed(() => site.value?.timezone ?? 'UTC');

  function tick(): void {
    if (held) now.value = siteTime(held, performance.now());
  }

  function start(): void {
    const scope = effectScope(true);
    scope.run(() => {
      projection.value = useViews().follow('frame');
      watch(
        () => site.value?.clock,
        (clock) => {
          if (!clock) return;
          const first = held === undefined;
          held = anchor(held, clock, performance.now());
          if (first) tick();
        },
        { flush: 'sync' },
      );
    });
    setInterval(tick, TICK_MS);
  }

  /** What the clock of the core's machine shows, epoch ms; that of this machine until it was told. */
  const machineNow = (): number => (held ? held.sentAt + performance.now() - held.monotonic : Date.now());

  const feed = (source: string): FeedItem | undefined => projection.value?.item(`feed:${source}`).value as FeedItem | undefined;
  const feedAt = (key: string): FeedItem | undefined => projection.value?.item(key).value as FeedItem | undefined;

  /** Freshness of a number that depends on these sources, by the clock's last tick. */
  const freshnessOf = (sources: readonly string[]): Freshness => stalest(sources.map(feed), now.value);

  return { start, site, zone, now, feedKeys, feedAt, machineNow, freshnessOf };
});
