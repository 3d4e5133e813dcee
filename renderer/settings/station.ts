import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { z } from 'zod';
import type { getBrokerLink, getStation, probeBroker, putStation, StationFacts } from '#shared/api/station.ts';
import type { StatedStation } from '#shared/station.ts';
import { useFrame } from '../stores/frame.ts';
import { useSession } from '../stores/session.ts';

type Broker = NonNullable<StatedStation['broker']>;
type Link = z.output<typeof getBrokerLink.answer>;
type Finding = z.output<typeof probeBroker.answer>['findings'][number];

/** A question counts as a use of the session: a link that comes and goes must not keep it from its rest. */
const MOST_LOOKS = 5;

/** What this core runs with, and what its station document says. Gone when they sign out. */
export const useStation = defineStore('station', () => {
  const session = useSession();
  const told = shallowRef<StationFacts>();
  const tag = shallowRef('');
  const link = shallowRef<Link>();
  const findings = shallowRef<readonly Finding[]>([]);
  const refusal = shallowRef('');
  const busy = shallowRef<'' | 'trying' | 'saving'>('');
  let looks = 0;

  /** What says a part instead of the document; empty: the document does. */
  const fixedBy = (part: StationFacts['fixed'][number]['part']): string => told.value?.fixed.find((one) => one.part === part)?.by ?? '';
  /** Another hub is named than the one that was joined at the start. */
  const joinsLater = computed(() => told.value !== undefined && fixedBy('join') === '' && (told.value.document.join ?? null) !== told.value.join);

  function forget(): void {
    told.value = link.value = undefined;
    findings.value = [];
    refusal.value = '';
    busy.value = '';
  }

  async function read(): Promise<void> {
    looks = 0;
    const outcome = await session.ask<typeof getStation>('getStation');
    if (outcome.ok && session.who) [told.value, tag.value] = [outcome.value, outcome.tag ?? ''];
    else if (!outcome.ok) refusal.value = outcome.message;
  }

  /** Asks for the link, and why it is not there, where that may have changed. */
  async function look(): Promise<void> {
    if (!session.who || looks >= MOST_LOOKS) return;
    looks++;
    const outcome = await session.ask<typeof getBrokerLink>('getBrokerLink');
    link.value = outcome.ok && session.who ? outcome.value : undefined;
  }

  async function probe(broker: Broker, password: string | undefined): Promise<void> {
    busy.value = 'trying';
    refusal.value = '';
    findings.value = [];
    const outcome = await session.ask<typeof probeBroker>('probeBroker', { body: { broker, ...(password === undefined ? {} : { password }) }, ifMatch: tag.value });
    busy.value = '';
    if (!session.who) return;
    if (outcome.ok) findings.value = outcome.value.findings;
    else refusal.value = outcome.message;
  }

  async function save(document: StatedStation, password: string | undefined, why: string): Promise<boolean> {
    busy.value = 'saving';
    refusal.value = '';
    const outcome = await session.ask<typeof putStation>('putStation', { body: { document, why, ...(password === undefined ? {} : { password }) }, ifMatch: tag.value });
    busy.value = '';
    if (!outcome.ok && session.who) refusal.value = outcome.message;
    await read();
    await look();
    return outcome.ok;
  }

  watch(() => session.who?.name, forget, { flush: 'sync' });
  watch(() => useFrame().site?.broker, () => told.value && void look());

  return { told, link, findings, refusal, busy, fixedBy, joinsLater, read, look, probe, save };
});
