import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { getPatientInBed } from '#shared/api/patients.ts';
import { usePrivacy } from '../stores/privacy.ts';
import { useSession } from '../stores/session.ts';

const SHOWN_MS = 30_000;
const TICK_MS = 1_000;

/**
 * Who lies in one bed, for half a minute. Nothing of it is held longer than it is shown: not after that time, not after
 * signing out, not once another bed is looked at.
 */
export const usePatientLook = defineStore('patient look', () => {
  const session = useSession();
  const privacy = usePrivacy();
  const facts = shallowRef<Readonly<Record<string, string>>>();
  const refusal = shallowRef('');
  const busy = shallowRef(false);
  /** Monotonic ms. */
  const now = shallowRef(0);
  const until = shallowRef(0);
  const leftMs = computed(() => (facts.value ? Math.max(0, until.value - now.value) : 0));
  let timer: ReturnType<typeof setInterval> | undefined;
  let asked = 0;

  function hide(): void {
    asked++;
    clearInterval(timer);
    timer = undefined;
    facts.value = undefined;
    privacy.personal = false;
    refusal.value = '';
    busy.value = false;
  }

  function tick(): void {
    now.value = performance.now();
    if (leftMs.value === 0) hide();
  }

  async function show(unit: string, bed: string): Promise<void> {
    hide();
    const mine = asked;
    busy.value = true;
    const outcome = await session.ask<typeof getPatientInBed>('getPatientInBed', { params: { unit, bed } });
    // Hidden meanwhile, or another bed is looked at: what comes late is not taken.
    if (mine !== asked) return;
    busy.value = false;
    if (!outcome.ok) {
      refusal.value = outcome.message;
      return;
    }
    facts.value = outcome.value.facts;
    privacy.personal = true;
    now.value = performance.now();
    until.value = now.value + SHOWN_MS;
    timer = setInterval(tick, TICK_MS);
  }

  // Each by itself: a list would be another one with every second in which the session looks whether it has ended.
  watch([() => session.who?.name, () => session.may('patients.read')], hide, { flush: 'sync' });

  return { facts, refusal, busy, leftMs, show, hide };
});
