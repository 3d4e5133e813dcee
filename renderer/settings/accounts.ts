import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import type { Account, createToken, createUser, getUser, listTokens, listUsers, NewToken, NewUser, revokeToken, Token, updateUser, User, UserChange } from '#shared/api/access.ts';
import { useSession } from '../stores/session.ts';
import type { Outcome } from '../stores/commands.ts';
import type { Operation } from '#shared/api/operation.ts';
import { accountChanges } from './account-changes.ts';

/** Of one answer. */
const PAGE = 500;

/** Every page of a list; undefined where one is refused. */
async function whole<T>(ask: (query: { limit: number; cursor?: string }) => Promise<{ items: readonly T[]; next?: string | undefined } | undefined>): Promise<T[] | undefined> {
  const found: T[] = [];
  let page = await ask({ limit: PAGE });
  for (; page?.next !== undefined; page = await ask({ limit: PAGE, cursor: page.next })) found.push(...page.items);
  return page && [...found, ...page.items];
}

/** Local accounts and API tokens, for who may change them. Gone when they sign out. */
export const useAccounts = defineStore('accounts', () => {
  const session = useSession();
  const users = shallowRef<readonly User[]>([]);
  const tokens = shallowRef<readonly Token[]>([]);
  /** The account that is being changed, as it was read, and its tag. */
  const opened = shallowRef<{ account: Account; tag: string }>();
  /** What somebody else changed of it since; nothing that is told where they gave it another secret. */
  const meanwhile = shallowRef<ReturnType<typeof accountChanges>>();
  /** A new token's secret, told this once. */
  const secret = shallowRef<{ name: string; secret: string }>();
  const refusal = shallowRef('');

  function forget(): void {
    users.value = [];
    tokens.value = [];
    close();
    secret.value = undefined;
    refusal.value = '';
  }

  /** The value of a success; a refusal is shown. */
  function taken<O extends Operation>(outcome: Outcome<O>): (Outcome<O> & { ok: true }) | undefined {
    refusal.value = outcome.ok || !session.who ? '' : outcome.message;
    return outcome.ok && session.who ? outcome : undefined;
  }

  async function read(): Promise<void> {
    const ofUsers = await whole(async (query) => taken(await session.ask<typeof listUsers>('listUsers', { query }))?.value);
    users.value = ofUsers ?? [];
    if (ofUsers) tokens.value = (await whole(async (query) => taken(await session.ask<typeof listTokens>('listTokens', { query }))?.value)) ?? [];
  }

  async function make(user: NewUser): Promise<boolean> {
    const made = taken(await session.ask<typeof createUser>('createUser', { body: user }));
    if (made) await read();
    return made !== undefined;
  }

  /** Reads an account that is to be changed. */
  async function open(name: string): Promise<void> {
    const found = taken(await session.ask<typeof getUser>('getUser', { params: { name } }));
    opened.value = found && { account: found.value, tag: found.tag! };
    meanwhile.value = undefined;
  }

  function close(): void {
    opened.value = meanwhile.value = undefined;
  }

  /** Changes the opened account. Refused if somebody was first: then it is read again, and `meanwhile` says what they changed. */
  async function change(to: UserChange): Promise<boolean> {
    const { account, tag } = opened.value!;
    const outcome = await session.ask<typeof updateUser>('updateUser', { params: { name: account.name }, body: to, ifMatch: tag });
    if (!outcome.ok && outcome.code === '412') {
      await open(account.name);
      if (opened.value) meanwhile.value = accountChanges(account, opened.value.account);
      return false;
    }
    const changed = taken(outcome);
    if (changed) await read();
    return changed !== undefined;
  }

  async function makeToken(token: NewToken): Promise<boolean> {
    secret.value = undefined;
    const made = taken(await session.ask<typeof createToken>('createToken', { body: token }));
    if (!made) return false;
    secret.value = { name: made.value.name, secret: made.value.secret };
    await read();
    return true;
  }

  async function revoke(name: string): Promise<void> {
    if (taken(await session.ask<typeof revokeToken>('revokeToken', { params: { name } }))) await read();
  }

  watch(() => session.who?.name, forget, { flush: 'sync' });

  return { users, tokens, opened, meanwhile, secret, refusal, read, make, open, close, change, makeToken, revoke };
});
