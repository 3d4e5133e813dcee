import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** State of this page's link to the core. */
export const useLinkState = defineStore('link', () => {
  const linked = shallowRef(false);
  /** Site-independent moment (this machine's clock, epoch ms) since when there is no link. */
  const lostSince = shallowRef<number>();
  const refusal = shallowRef<string>();

  function setLinked(value: boolean, wallClock: number): void {
    if (linked.value && !value) lostSince.value = wallClock;
    if (value) refusal.value = undefined;
    linked.value = value;
  }

  function setRefusal(code: string, message: string): void {
    refusal.value = `${message} (${code})`;
  }

  return { linked, lostSince, refusal, setLinked, setRefusal };
});
