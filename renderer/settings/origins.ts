import type { z } from 'zod';
import type { siteDocumentSchema } from '#shared/api/config.ts';

export type Told = Pick<z.output<typeof siteDocumentSchema>['settings'][number], 'key' | 'origin' | 'fixed'>;

const TEXTS = { file: 'from a file', store: 'changed here', default: 'default' } as const;
const BY_FILE = 'fixed by the file';
const OF_THE_STORE = 'fixed';

/** Where a setting comes from, as its row says it. */
export function originText({ key, origin, fixed }: Told): string {
  if (key === 'tenant' || key === 'site') return OF_THE_STORE;
  return fixed ? BY_FILE : TEXTS[origin];
}

/** Where most settings of a section come from: said once over them, so that a row tells only where it differs. */
export interface UsualOrigin {
  readonly text: string;
  readonly note: string;
}

/** @param file the one that fixes settings; null where none does */
export function usualOrigin(settings: readonly Told[], file: string | null): UsualOrigin | undefined {
  const texts = settings.map(originText).filter((text) => text !== OF_THE_STORE);
  const count = (text: string): number => texts.filter((one) => one === text).length;
  const [text] = [...new Set(texts)].sort((a, b) => count(b) - count(a));
  if (text === undefined) return undefined;
  const says = {
    [BY_FILE]: `are said by ${file}, and changed there`,
    [TEXTS.file]: 'come from a file that this core was started with',
    [TEXTS.store]: 'were changed here',
    [TEXTS.default]: 'are as by default',
  }[text]!;
  return { text, note: `${count(text) === settings.length ? 'All of these' : 'Those without a mark'} ${says}.` };
}
