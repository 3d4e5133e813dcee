import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CommandResult, ToCore } from '#shared/link/messages.ts';
import type { Json } from '#shared/json.ts';
import type { listUsers } from '#shared/api/access.ts';
import { countdownText } from '../../../renderer/format/countdown.ts';
import { LinkClient } from '../../../renderer/link/client.ts';
import type { TransportEvents } from '../../../renderer/link/transport.ts';
import { useCommands } from '../../../renderer/stores/commands.ts';
import { useLinkState } from '../../../renderer/stores/link.ts';
import { useSession } from '../../../renderer/stores/session.ts';

const MINUTE = 60_000;
const PASSWORD = 'a password of no worth';

type Command = Extract<ToCore, { t: 'command' }>;

/** A core that answers commands as it is told, over a link that can be cut. */
class Core {
  readonly heard: Command[] = [];
  answers: Record<string, CommandResult> = { getSession: { ok: true, value: { kind: 'anyone', name: 'anyone', roles: ['wall'], permissions: ['views.read'] } } };
  events: TransportEvents | undefined;

  constructor() {
    const client = new LinkClient('desk', { frame: () => undefined, linked: (linked) => useLinkState().setLinked(linked, Date.now()), painted: () => undefined, refused: () => undefined });
    client.attach((events) => {
      this.events = events;
      return { send: (message) => void this.#hear(message), close: () => undefined };
    });
    this.events!.message({ t: 'hello', version: 1 });
    useCommands().connect(client);
  }

  names(): string[] {
    return this.heard.map(({ name }) => name);
  }

  #hear(message: ToCore): void {
    if (message.t !== 'command') return;
    this.heard.push(message);
    const answer = this.answers[message.name] ?? { ok: true, value: null };
    queueMicrotask(() => this.events!.message({ t: 'result', id: message.id, ...answer }));
  }
}

const session = (part: Record<string, Json> = {}) => ({ method: 'password', ends: Date.now() + 12 * 60 * MINUTE, idleMs: 30 * MINUTE, glassUntil: null, ...part });
const somebody = (part: Record<string, Json> = {}): CommandResult => ({ ok: true, value: { kind: 'user', name: 'ada', roles: ['operator'], permissions: ['views.read', 'patients.break-glass'], session: session(), ...part } });
const refused = (code: string, message: string): CommandResult => ({ ok: false, error: { code, message } });

let core: Core;
beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  core = new Core();
});
afterEach(() => vi.useRealTimers());

async function signedIn(part: Record<string, Json> = {}) {
  core.answers['createSession'] = somebody(part);
  const store = useSession();
  expect(await store.signIn({ name: 'ada', password: PASSWORD })).toBe(true);
  return store;
}

describe('signing in', () => {
  test('given a right password, then the page knows who and what they may, and keeps no secret', async () => {
    const store = await signedIn();
    expect(store.who?.name).toBe('ada');
    expect(store.may('patients.break-glass')).toBe(true);
    expect(store.may('config.read')).toBe(false);
    expect(JSON.stringify(store.$state)).not.toContain(PASSWORD);
  });

  test('given a wrong one, then nobody is signed in, and the words of the core say why', async () => {
    core.answers['createSession'] = refused('401', 'Name or password are wrong.');
    const store = useSession();
    expect(await store.signIn({ name: 'ada', password: 'x' })).toBe(false);
    expect([store.who, store.notice, store.busy]).toEqual([undefined, 'Name or password are wrong.', false]);
  });
});

test('given a site with an identity provider, then its title is known for whoever wants to sign in by it', async () => {
  core.answers['getSession'] = { ok: true, value: { kind: 'anyone', name: 'anyone', roles: ['wall'], permissions: ['views.read'], identityProvider: 'Northgate login' } };
  const store = useSession();
  await vi.advanceTimersByTimeAsync(1);
  expect([store.who, store.identityProvider]).toEqual([undefined, 'Northgate login']);
});

test('given a browser whose session goes on, when a page of it opens, then who has signed in is signed in there', async () => {
  core.answers['getSession'] = somebody();
  const store = useSession();
  await vi.advanceTimersByTimeAsync(1);
  expect(store.who?.name).toBe('ada');
});

describe('the end of a session', () => {
  test('given that nothing is done, then a countdown is shown, then the page signs out and says so', async () => {
    const store = await signedIn();
    vi.advanceTimersByTime(20 * MINUTE);
    expect(store.countdown).toBeUndefined();
    vi.advanceTimersByTime(5 * MINUTE);
    expect(store.countdown).toBeLessThanOrEqual(2 * MINUTE);
    expect(store.canStay).toBe(true);
    vi.advanceTimersByTime(2 * MINUTE);
    expect(store.who).toBeUndefined();
    expect(store.notice).toMatch(/nothing was done/);
    expect(core.names()).toContain('deleteSession');
  });

  test('given that somebody says they stay, then the time of rest begins anew', async () => {
    const store = await signedIn();
    core.answers['getSession'] = somebody();
    vi.advanceTimersByTime(25 * MINUTE);
    expect(store.countdown).toBeDefined();
    await store.stay();
    expect(store.countdown).toBeUndefined();
    vi.advanceTimersByTime(20 * MINUTE);
    expect(store.who).toBeDefined();
  });

  test('given that its longest time is near, then no word prolongs it', async () => {
    const store = await signedIn({ session: session({ ends: Date.now() + 10 * MINUTE, idleMs: 2 * MINUTE, method: 'pin' }) });
    for (let minute = 0; minute < 9; minute++) {
      await store.ask<typeof listUsers>('listUsers');
      vi.advanceTimersByTime(MINUTE);
    }
    await store.ask<typeof listUsers>('listUsers');
    expect([store.canStay, store.countdown !== undefined]).toEqual([false, true]);
    vi.advanceTimersByTime(MINUTE);
    expect(store.notice).toMatch(/longest time/);
  });

  test('given that the core knows it no more, when anything is asked, then the page signs out and says so', async () => {
    const store = await signedIn();
    core.answers['listUsers'] = refused('401', 'listUsers needs users.write');
    expect(await store.ask<typeof listUsers>('listUsers')).toMatchObject({ ok: false, code: '401' });
    expect(store.who).toBeUndefined();
    expect(store.notice).toMatch(/has ended/);
  });

  test('given that it may not do what it asks (403), then it goes on', async () => {
    const store = await signedIn();
    core.answers['listUsers'] = refused('403', 'listUsers needs users.write');
    await store.ask<typeof listUsers>('listUsers');
    expect(store.who).toBeDefined();
  });

  test('given that the link is lost, then the session went with it', async () => {
    const store = await signedIn();
    core.events!.closed();
    expect(store.who).toBeUndefined();
    expect(store.notice).toMatch(/link/);
  });

  test('given that somebody signs out, then they are gone at once, without a word of complaint', async () => {
    const store = await signedIn();
    const done = store.signOut();
    expect([store.who, store.notice]).toEqual([undefined, '']);
    await done;
    expect(core.names().at(-1)).toBe('deleteSession');
  });
});

test('given a broken glass, then patients may be seen until it ends, and not after', async () => {
  const store = await signedIn();
  core.answers['getSession'] = somebody({ permissions: ['views.read', 'patients.break-glass', 'patients.read'], session: session({ glassUntil: Date.now() + 15 * MINUTE }) });
  expect(await store.breakGlass('resuscitation in 4E, needs the record')).toBeUndefined();
  expect(store.may('patients.read')).toBe(true);
  vi.advanceTimersByTime(14 * MINUTE);
  expect(store.may('patients.read')).toBe(true);
  vi.advanceTimersByTime(2 * MINUTE);
  expect(store.may('patients.read')).toBe(false);
  expect(store.who).toBeDefined();
});

test('what is left is told in minutes and seconds, never as zero before its end', () => {
  expect([0, 1, 999, 9_000, 61_000, 760_000].map(countdownText)).toEqual(['0:00', '0:01', '0:01', '0:09', '1:01', '12:40']);
});
