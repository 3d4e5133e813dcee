import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { z } from 'zod';
import type { getConfig, putConfig, rollbackConfig, validateConfig } from '#shared/api/config.ts';
import { canonical, differences, type Difference } from '#shared/config/difference.ts';
import { documentOf, said, SETTINGS, type Setting, type SiteDocument } from '#shared/config/settings.ts';
import type { Json } from '#shared/json.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { useSession } from '../stores/session.ts';

type Told = z.output<typeof getConfig.answer>;
type Verdict = z.output<typeof validateConfig.answer>;

/** So long after the last stroke the core is asked what a draft would change. */
const SETTLED_MS = 400;

/** Of somebody who was first: what they changed, while this draft was written. */
export interface Meanwhile {
  readonly who: string;
  readonly why: string;
  readonly changes: readonly Difference[];
}

const defaults = siteConfigSchema.parse({});

/** The site document in force and what somebody at this page wants of it. Gone when they sign out. */
export const useSiteDraft = defineStore('site draft', () => {
  const session = useSession();
  const told = shallowRef<Told>();
  const tag = shallowRef<string>();
  /** By key of the setting; undefined: as by default. */
  const edits = shallowRef<ReadonlyMap<string, Json | undefined>>(new Map());
  const verdict = shallowRef<Verdict>();
  const meanwhile = shallowRef<Meanwhile>();
  const refusal = shallowRef('');
  const saved = shallowRef<number>();
  const busy = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const base = computed(() => (told.value?.document ?? {}) as SiteDocument);
  const document = computed(() => documentOf((setting) => (edits.value.has(setting.key) ? edits.value.get(setting.key) : said(base.value, setting))));

  const settingOf = (key: string) => told.value?.settings.find((setting) => setting.key === key);
  /** What is to hold of a setting; what nobody said, by default. */
  const valueOf = (setting: Setting): Json | undefined => said(document.value, setting) ?? said(defaults, setting);
  const faultsOf = (key: string) => verdict.value?.faults.filter(({ path }) => path === key || path.startsWith(`${key}.`)) ?? [];

  function forget(): void {
    clearTimeout(timer);
    asked++;
    told.value = undefined;
    tag.value = undefined;
    verdict.value = undefined;
    meanwhile.value = undefined;
    edits.value = new Map();
    refusal.value = '';
    saved.value = undefined;
  }

  /** Reads the document in force; edits stay, on top of what it says now. */
  async function read(): Promise<void> {
    const before = told.value;
    const outcome = await session.ask<typeof getConfig>('getConfig');
    if (!session.who) return;
    if (!outcome.ok) {
      refusal.value = outcome.message;
      return;
    }
    told.value = outcome.value;
    tag.value = outcome.tag;
    if (before && before.version !== outcome.value.version && edits.value.size > 0) {
      const { who, why } = outcome.value;
      meanwhile.value = { who, why, changes: differences(before.document as SiteDocument, outcome.value.document as SiteDocument) };
    }
    const still = [...edits.value].filter(([key, value]) => canonical(value) !== canonical(said(base.value, SETTINGS.find((setting) => setting.key === key)!)));
    edits.value = new Map(still);
    judgeSoon();
  }

  function edit(setting: Setting, value: Json | undefined): void {
    const next = new Map(edits.value);
    if (canonical(value) === canonical(said(base.value, setting))) next.delete(setting.key);
    else next.set(setting.key, value);
    edits.value = next;
    saved.value = undefined;
    refusal.value = '';
    judgeSoon();
  }

  /** Takes over what a configuration says, as edits; tenant and site stay this one's. */
  function take(configuration: SiteDocument): void {
    for (const one of SETTINGS) if (one.key !== 'tenant' && one.key !== 'site') edit(one, said(configuration, one));
  }

  function discard(): void {
    edits.value = new Map();
    meanwhile.value = undefined;
    refusal.value = '';
    judgeSoon();
  }

  function judgeSoon(): void {
    clearTimeout(timer);
    verdict.value = undefined;
    const mine = ++asked;
    if (edits.value.size > 0) timer = setTimeout(() => void judge(mine), SETTLED_MS);
  }

  async function judge(mine: number): Promise<void> {
    const outcome = await session.ask<typeof validateConfig>('validateConfig', { body: { document: document.value } });
    if (mine !== asked) return;
    if (outcome.ok) verdict.value = outcome.value;
    else refusal.value = outcome.message;
  }

  async function put(work: () => Promise<{ ok: true; value: { version: number } } | { ok: false; code: string; message: string }>): Promise<boolean> {
    busy.value = true;
    refusal.value = '';
    const outcome = await work();
    busy.value = false;
    if (outcome.ok) {
      edits.value = new Map();
      meanwhile.value = undefined;
      await read();
      saved.value = outcome.value.version;
      return true;
    }
    if (outcome.code === '412') await read();
    if (session.who && !meanwhile.value) refusal.value = outcome.message;
    return false;
  }

  /** Puts the draft in force. Refused if somebody was first: then it stands on theirs, and `meanwhile` says what they changed. */
  const save = (why: string): Promise<boolean> =>
    put(() => session.ask<typeof putConfig>('putConfig', { body: { document: document.value, why }, ...(tag.value === undefined ? {} : { ifMatch: tag.value }) }));

  /** Puts an earlier version in force again. */
  const rollBack = (version: number, why: string): Promise<boolean> =>
    put(() => session.ask<typeof rollbackConfig>('rollbackConfig', { body: { version, why }, ...(tag.value === undefined ? {} : { ifMatch: tag.value }) }));

  watch(() => session.who?.name, forget, { flush: 'sync' });

  return { told, edits, document, verdict, meanwhile, refusal, saved, busy, settingOf, valueOf, faultsOf, read, edit, take, discard, save, rollBack };
});
