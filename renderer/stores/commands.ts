import { defineStore } from 'pinia';
import type { z } from 'zod';
import type { Json } from '#shared/json.ts';
import type { Operation } from '#shared/api/operation.ts';
import type { LinkClient } from '../link/client.ts';

/** Operation of the API as a command speaks of it. */
export interface Wanted<O extends Operation> {
  readonly params?: O['params'] extends z.ZodType ? z.input<O['params']> : never;
  readonly query?: O['query'] extends z.ZodType ? z.input<O['query']> : never;
  readonly body?: O['body'] extends z.ZodType ? z.input<O['body']> : never;
  /** Tag of the state that is to be replaced. */
  readonly ifMatch?: string;
}

/** What came of it; `code` is an HTTP status or a word of the link's (`no-link`, `unknown-command`). */
export type Outcome<O extends Operation> =
  | { readonly ok: true; readonly value: O['answer'] extends z.ZodType ? z.output<O['answer']> : null; readonly tag?: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Asks the core for operations of the Command API, over the link of this page. */
export const useCommands = defineStore('commands', () => {
  let client: Pick<LinkClient, 'command'> | undefined;

  function connect(link: Pick<LinkClient, 'command'>): void {
    client = link;
  }

  /** Never rejects; a refusal says why in words. */
  async function ask<O extends Operation>(name: O['id'], wanted: Wanted<O> = {}): Promise<Outcome<O>> {
    if (!client) throw new Error('a command was given before the link was set up');
    const result = await client.command(name, wanted as unknown as Record<string, Json>);
    if (!result.ok) return { ok: false, ...result.error };
    // The core checks every answer against its schema before it leaves.
    return { ok: true, value: result.value as never, ...(result.tag === undefined ? {} : { tag: result.tag }) };
  }

  return { connect, ask };
});
