import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { fileAddress, type cancelFile, type FileProgress, type getFileProgress, type WaitingExport } from '#shared/api/exports.ts';
import type { Operation } from '#shared/api/operation.ts';
import { useCommands } from '../stores/commands.ts';
import { useDisplay } from '../stores/display.ts';
import { useSession } from '../stores/session.ts';
import { asked, choiceOf, LISTS, mayTake, type ListName, type Wanted } from './lists.ts';

const LOOK_MS = 500;

/** What is being chosen: a list, and what of it where that is known. */
export interface Opened {
  readonly list: ListName;
  readonly of?: string | undefined;
}

export type MadeFile = WaitingExport & FileProgress;

const isUnderWay = ({ state }: FileProgress): boolean => state === 'waiting' || state === 'sending';

/** Has the page's browser, or the shell around it, fetch a file and save it. */
function save({ file, name }: WaitingExport): void {
  const link = document.createElement('a');
  link.href = fileAddress(file);
  link.download = name;
  link.click();
}

/** Lists and trends that somebody at this desk takes out as files, one at a time. Gone with the session. */
export const useExporting = defineStore('exporting', () => {
  const session = useSession();
  const commands = useCommands();
  const display = useDisplay();
  /** Undefined while nothing is chosen. */
  const opened = shallowRef<Opened>();
  const file = shallowRef<MadeFile>();
  const refusal = shallowRef('');
  const busy = shallowRef(false);
  const underWay = computed(() => file.value !== undefined && isUnderWay(file.value));

  /** Lists that who has signed in may take; none at walls and kiosks. */
  const offered = computed(() => (display.screen.role === 'desk' ? (Object.keys(LISTS) as ListName[]).filter((list) => mayTake(list, session.may)) : []));

  function open(what: Opened): void {
    refusal.value = '';
    if (!underWay.value) file.value = undefined;
    opened.value = what;
  }

  /** What is under way goes on. */
  function close(): void {
    opened.value = undefined;
  }

  async function make(wanted: Wanted): Promise<void> {
    refusal.value = '';
    file.value = undefined;
    busy.value = true;
    const outcome = await session.ask<Operation>(choiceOf(wanted.list).operation.id, asked(wanted) as object);
    busy.value = false;
    if (!session.who) return;
    if (!outcome.ok) return void (refusal.value = outcome.message);
    const made = outcome.value as unknown as WaitingExport;
    file.value = { ...made, state: 'waiting', bytes: 0 };
    save(made);
    void follow(made);
  }

  /** Does not count as a use of the session: nobody may be there. */
  async function follow(made: WaitingExport): Promise<void> {
    while (file.value?.file === made.file && underWay.value) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const outcome = await commands.ask<typeof getFileProgress>('getFileProgress', { params: { file: made.file } });
      if (file.value?.file !== made.file) return;
      if (outcome.ok) file.value = { ...made, ...outcome.value };
      else if (outcome.code !== 'too-many') return lost(outcome.message);
    }
  }

  function lost(why: string): void {
    file.value = undefined;
    refusal.value = `How far the file has come is not known: ${why} Look whether it was saved whole; if not, export it again.`;
  }

  async function cancel(): Promise<void> {
    if (!file.value) return;
    const outcome = await session.ask<typeof cancelFile>('cancelFile', { params: { file: file.value.file } });
    if (!outcome.ok) refusal.value = outcome.message;
  }

  watch(
    [() => session.who?.name, () => session.may('exports.read')],
    () => {
      opened.value = file.value = undefined;
      refusal.value = '';
    },
    { flush: 'sync' },
  );

  return { opened, file, refusal, busy, underWay, offered, open, close, make, cancel };
});
