import type { ShallowRef } from 'vue';
import { markRaw, shallowRef } from 'vue';
import type { Items } from '#shared/link/messages.ts';
import type { Json } from '#shared/json.ts';
import type { ViewSink } from '../link/client.ts';

/**
 * The items of one view, each behind its own shallow ref: a patch wakes only the components that show what it names.
 * `keys` changes only when an item comes or goes, and keeps the server's order.
 */
export class Projection implements ViewSink {
  readonly keys: ShallowRef<readonly string[]> = shallowRef([]);
  /** False until the first snapshot. */
  readonly ready: ShallowRef<boolean> = shallowRef(false);
  /** Newest event behind the items, epoch ms. Not reactive: it changes with every patch. */
  eventTime = 0;
  readonly #items = new Map<string, ShallowRef<Json | undefined>>();
  readonly #raw = new Map<string, Json>();

  constructor() {
    markRaw(this);
  }

  /** The item's ref, also of one that does not exist (yet): then it holds undefined. */
  item(key: string): ShallowRef<Json | undefined> {
    let found = this.#items.get(key);
    if (!found) {
      found = shallowRef(undefined);
      this.#items.set(key, found);
    }
    return found;
  }

  /** The item as it is, without following it. */
  peek(key: string): Json | undefined {
    return this.#raw.get(key);
  }

  snapshot(items: Items, eventTime: number): void {
    const next = Object.keys(items);
    for (const key of this.keys.value) if (!(key in items)) this.#drop(key);
    for (const key of next) this.#put(key, items[key] as Json);
    if (!sameKeys(next, this.keys.value)) this.keys.value = next;
    this.eventTime = eventTime;
    this.ready.value = true;
  }

  patch(set: Items, remove: readonly string[], eventTime: number): void {
    const gone = new Set(remove.filter((key) => this.#raw.has(key)));
    for (const key of gone) this.#drop(key);
    const added = Object.keys(set).filter((key) => !this.#raw.has(key));
    for (const [key, value] of Object.entries(set)) this.#put(key, value);
    if (gone.size > 0 || added.length > 0) this.keys.value = [...this.keys.value.filter((key) => !gone.has(key)), ...added];
    this.eventTime = Math.max(this.eventTime, eventTime);
  }

  #put(key: string, value: Json): void {
    this.#raw.set(key, value);
    this.item(key).value = value;
  }

  #drop(key: string): void {
    this.#raw.delete(key);
    this.item(key).value = undefined;
  }
}

const sameKeys = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((key, i) => key === b[i]);
