import { Worker } from 'node:worker_threads';
import { workerFile } from '../store/worker-file.ts';
import type { AccessCall, AccessData, FromAccess, ToAccess } from './access-protocol.ts';
import type { AccessStore } from './access-store.ts';
import type { Principal } from './principal.ts';
import { Refusal } from './refusal.ts';
import { digest } from './secrets.ts';

/** For so long a secret counts as looked up: what another process changes in the file holds after it at the latest. */
const KNOWN_MS = 1_000;
const KNOWN_MOST = 10_000;

/** Calls after which everybody's rights are as they were. */
const CHANGE_NO_RIGHTS: ReadonlySet<AccessCall> = new Set(['account', 'append', 'forgetAudit', 'head', 'identify', 'listAudit', 'listTokens', 'listUsers', 'look', 'token', 'verifyAudit']);

type Method<K extends AccessCall> = AccessStore[K];

/** The network loop's end of the access thread. A thread that died is started anew by the next call. */
export class AccessThread {
  readonly #data: AccessData;
  #worker: Worker | undefined;
  #calls = 0;
  readonly #open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #known = new Map<string, { principal: Principal; until: number }>();

  constructor(data: AccessData) {
    this.#data = data;
  }

  /** Has the access store do something. Rejects with its {@link Refusal}, or with why the file cannot be used. */
  async call<K extends AccessCall>(what: K, ...args: Parameters<Method<K>>): Promise<Awaited<ReturnType<Method<K>>>> {
    try {
      return (await this.#ask(what, args)) as Awaited<ReturnType<Method<K>>>;
    } finally {
      if (!CHANGE_NO_RIGHTS.has(what)) this.#known.clear();
    }
  }

  /** Who a secret of a session or token belongs to; undefined if to nobody now. */
  async identify(secret: string): Promise<Principal | undefined> {
    const key = digest(secret).toString('base64');
    const known = this.#known.get(key);
    if (known && known.until > performance.now()) return known.principal;
    this.#known.delete(key);
    const principal = await this.call('identify', secret);
    if (principal) {
      if (this.#known.size >= KNOWN_MOST) this.#known.clear();
      this.#known.set(key, { principal, until: performance.now() + KNOWN_MS });
    }
    return principal;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(what: AccessCall, args: unknown[]): Promise<unknown> {
    const call = ++this.#calls;
    const answer = new Promise((resolve, reject) => this.#open.set(call, { resolve, reject }));
    this.#started().postMessage({ call, what, args } satisfies ToAccess);
    return answer;
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(workerFile('access'), { workerData: this.#data });
    worker.on('message', (answer: FromAccess) => {
      const waiting = this.#open.get(answer.call);
      this.#open.delete(answer.call);
      if (answer.ok) waiting?.resolve(answer.value);
      else waiting?.reject(answer.status ? new Refusal(answer.status, answer.message, answer.retryAfter) : new Error(answer.message));
    });
    worker.on('error', (error) => this.#lost(worker, error as Error));
    worker.on('exit', () => this.#lost(worker, new Error('the access thread has ended')));
    this.#worker = worker;
    return worker;
  }

  #lost(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}
