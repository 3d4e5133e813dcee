import type { Items } from '#shared/link/messages.ts';
import { applied, type Patch } from '../views/view.ts';

/** The part of a message that is the same for all who are told it: encoded once, however many they are. */
export class Told<T extends object = object> {
  readonly said: T;
  #json: Buffer | undefined;

  constructor(said: T) {
    this.said = said;
  }

  /** Its members as JSON, up to and with the closing brace; what is only one page's own stands before it. */
  get json(): Buffer {
    return (this.#json ??= Buffer.from(JSON.stringify(this.said).slice(1)));
  }
}

type Whole = Told<{ eventTime: number; items: Items }>;
type Since = Told<{ eventTime: number; set: Items; remove: string[] }>;

/**
 * What a room shows, by versions: the way from any version to the newest is computed once and told to all pages that
 * stand at that version. A page that lags has no queue of its own, and always goes to the newest state at once.
 */
export class Shown {
  #items: Items = {};
  #version = 0;
  #eventTime: number;
  /** The version with which each key last changed; also of keys that went. */
  readonly #changed = new Map<string, number>();
  #whole: Whole | undefined;
  readonly #since = new Map<number, Since>();

  /** @param eventTime newest event told, epoch ms: pages report what they have painted by it */
  constructor(eventTime: number) {
    this.#eventTime = eventTime;
  }

  get items(): Items {
    return this.#items;
  }

  get version(): number {
    return this.#version;
  }

  /** Takes a change over. False if neither an item nor the time is new. */
  take(patch: Patch, eventTime: number): boolean {
    const keys = Object.keys(patch.set);
    const silent = keys.length === 0 && patch.remove.length === 0;
    if (silent && eventTime === this.#eventTime) return false;
    this.#version++;
    this.#eventTime = eventTime;
    this.#whole = undefined;
    this.#since.clear();
    if (silent) return true;
    this.#items = applied(this.#items, patch);
    for (const key of keys) this.#changed.set(key, this.#version);
    for (const key of patch.remove) this.#changed.set(key, this.#version);
    return true;
  }

  /** All of it, for who comes. */
  whole(): Whole {
    return (this.#whole ??= new Told({ eventTime: this.#eventTime, items: this.#items }));
  }

  /** The way from an earlier version to the newest. */
  since(version: number): Since {
    const known = this.#since.get(version);
    if (known) return known;
    const set: Items = {};
    const remove: string[] = [];
    for (const [key, changed] of this.#changed) {
      if (changed <= version) continue;
      if (key in this.#items) set[key] = this.#items[key]!;
      else remove.push(key);
    }
    const told = new Told({ eventTime: this.#eventTime, set, remove });
    this.#since.set(version, told);
    return told;
  }

  /** Everybody stands at `version` or later: what went until then need not be told any more. */
  forget(version: number): void {
    for (const [key, changed] of this.#changed) if (changed <= version && !(key in this.#items)) this.#changed.delete(key);
  }
}
