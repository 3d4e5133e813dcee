import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { z } from 'zod';
import type { breakGlass as breakGlassOperation, createSession, deleteSession, getSession, SignIn } from '#shared/api/access.ts';
import { API_BASE, type Operation } from '#shared/api/operation.ts';
import { permissionsOf, type Permission } from '#shared/access/roles.ts';
import { useCommands, type Outcome, type Wanted } from './commands.ts';
import { useFrame } from './frame.ts';
import { useLinkState } from './link.ts';

type Who = z.output<typeof getSession.answer>;

const TICK_MS = 1_000;
/** The core notes a use up to an eighth of the time of rest late: a session may end that much earlier. */
const OF_REST = 7 / 8;
const WARNED_MS = 2 * 60_000;
/** The countdown is shown within this last part of the time of rest, at most two minutes. */
const WARNED_OF_REST = 1 / 2;

/**
 * Who has signed in at this page. The core holds the session and its secret; here stands what it said of it, and by
 * this page's own clock when it will have ended. The session of a page ends with its link.
 */
export const useSession = defineStore('session', () => {
  const commands = useCommands();
  const who = shallowRef<Who>();
  /** Why nobody is signed in any more, or why somebody could not; in words. */
  const notice = shallowRef('');
  const busy = shallowRef(false);
  /** Title of the identity provider by which browsers may sign in here. */
  const identityProvider = shallowRef<string>();
  /** Monotonic ms of this page, a second's pace. */
  const now = shallowRef(0);
  const restsUntil = shallowRef(0);
  const endsAt = shallowRef(0);
  const glassEndsAt = shallowRef<number>();
  let timer: ReturnType<typeof setInterval> | undefined;

  const leftMs = computed(() => (who.value ? Math.max(0, Math.min(restsUntil.value, endsAt.value) - now.value) : 0));
  /** Ms until the session ends, once that is near. */
  const countdown = computed(() => {
    const session = who.value?.session;
    return session && leftMs.value <= Math.min(WARNED_MS, session.idleMs * WARNED_OF_REST) ? leftMs.value : undefined;
  });
  /** Whether resting is what ends it: then a word is enough to stay. */
  const canStay = computed(() => restsUntil.value < endsAt.value);
  /** Ms for which patients are still shown to who broke the glass. */
  const glassLeftMs = computed(() => (glassEndsAt.value === undefined ? undefined : Math.max(0, glassEndsAt.value - now.value)));

  const permissions = computed<ReadonlySet<Permission>>(() => {
    const held = new Set(who.value?.permissions);
    if (glassLeftMs.value === 0 && who.value && !permissionsOf(who.value.roles).has('patients.read')) held.delete('patients.read');
    return held;
  });
  const may = (permission: Permission): boolean => permissions.value.has(permission);

  /** A moment of the core's machine as one of this page's monotonic clock. */
  const asMonotonic = (epochMs: number): number => epochMs - useFrame().machineNow() + performance.now();

  function used(): void {
    const session = who.value?.session;
    if (session) restsUntil.value = performance.now() + session.idleMs * OF_REST;
  }

  function take(told: Who): void {
    if (!told.session) return end('Your session has ended. Sign in again.');
    who.value = told;
    notice.value = '';
    now.value = performance.now();
    endsAt.value = asMonotonic(told.session.ends);
    glassEndsAt.value = told.session.glassUntil === null ? undefined : asMonotonic(told.session.glassUntil);
    used();
    timer ??= setInterval(tick, TICK_MS);
  }

  function end(why: string): void {
    clearInterval(timer);
    timer = undefined;
    who.value = undefined;
    glassEndsAt.value = undefined;
    notice.value = why;
  }

  function tick(): void {
    now.value = performance.now();
    if (leftMs.value > 0) return;
    const rested = canStay.value;
    end(rested ? 'Signed out: nothing was done for a while.' : 'Signed out: the session has reached its longest time.');
    void commands.ask<typeof deleteSession>('deleteSession');
  }

  /** Asks as who has signed in; a session that the core knows no more is ended here too, and said so. */
  async function ask<O extends Operation>(name: O['id'], wanted: Wanted<O> = {}): Promise<Outcome<O>> {
    const asking = who.value;
    used();
    const outcome = await commands.ask<O>(name, wanted);
    if (!outcome.ok && outcome.code === '401' && asking && who.value === asking) end('Your session has ended. Sign in again.');
    return outcome;
  }

  async function signIn(by: SignIn): Promise<boolean> {
    busy.value = true;
    const outcome = await commands.ask<typeof createSession>('createSession', { body: { by } });
    busy.value = false;
    if (outcome.ok) take(outcome.value);
    else notice.value = outcome.message;
    return outcome.ok;
  }

  /** Gone from the page at once, whatever the core answers; who came through an identity provider leaves that too, or the next at this desk would come in by it. */
  async function signOut(): Promise<void> {
    const through = who.value?.session?.method;
    end('');
    if (through === 'oidc') return location.assign(`${API_BASE}/oidc/logout`);
    await commands.ask<typeof deleteSession>('deleteSession');
  }

  /** Counts as a use. */
  async function stay(): Promise<void> {
    const outcome = await ask<typeof getSession>('getSession');
    if (outcome.ok) take(outcome.value);
  }

  /** Shows patients to this session for a while; why not, in words, or undefined. */
  async function breakGlass(reason: string): Promise<string | undefined> {
    const outcome = await ask<typeof breakGlassOperation>('breakGlass', { body: { reason } });
    if (!outcome.ok) return outcome.message;
    await stay();
    return undefined;
  }

  /** Whoever has signed in in this browser is so at its pages too. */
  async function look(): Promise<void> {
    const outcome = await commands.ask<typeof getSession>('getSession');
    if (!outcome.ok) return;
    identityProvider.value = outcome.value.identityProvider;
    if (outcome.value.session && !who.value) take(outcome.value);
  }

  watch(
    () => useLinkState().linked,
    (linked) => {
      if (linked) void look();
      else if (who.value) end('Signed out: the link to the core was lost.');
    },
    { flush: 'sync', immediate: true },
  );

  return { who, notice, busy, identityProvider, look, countdown, canStay, glassLeftMs, may, ask, signIn, signOut, stay, breakGlass };
});
