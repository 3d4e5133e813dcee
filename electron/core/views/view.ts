import type { Items } from '#shared/link/messages.ts';
import type { Json } from '#shared/json.ts';
import type { Change, ViewContext, ViewParams } from './context.ts';
import { sameExceptMoment, sameItem } from './same.ts';

/** Items of one sort within a view. An item's key is `prefix` and its id; prefixes within a view do not overlap. */
export interface Part {
  readonly prefix: string;
  /**
   * Figures that sum up many things: told a few times a second, not with every frame. Under load almost every frame
   * changes almost every sum, nobody reads a figure that changes 60 times a second, and what computing, sending and
   * painting them costs makes the things themselves late.
   */
  readonly calm?: true;
  /** Ids of all items whose data exist, in the order in which a board shows them. */
  ids(context: ViewContext, params: ViewParams): Iterable<string>;
  /** One of these items as it is at `context.now`. */
  item(id: string, context: ViewContext, params: ViewParams): object;
  /**
   * Ids of items that show the changes, known or not; `all` for each of them.
   * What is not named, and what time alone moves, waits for the next `compute`.
   */
  touched(changes: readonly Change[], context: ViewContext, params: ViewParams): ReadonlySet<string> | 'all';
}

/** What changed between two sets of items: whole items by key, and keys that are gone. */
export interface Patch {
  readonly set: Items;
  readonly remove: readonly string[];
}

/**
 * A projection of the house for one board: keyed items, described in `shared/views`.
 * Three paces: `refresh` of things with every frame in which something changed, of calm parts a few times a second,
 * and `compute` once a second of wall time, for distributions, trends and what time alone moves.
 */
export class View {
  readonly name: string;
  /** Nothing of it goes out with a frame. */
  readonly calm: boolean;
  /** Parameters that it heeds; others make it no other view. */
  readonly params: readonly string[];
  readonly #parts: readonly Part[];

  constructor(name: string, parts: readonly Part[], params: readonly string[] = []) {
    this.name = name;
    this.params = params;
    this.calm = parts.every(({ calm }) => calm);
    this.#parts = parts;
  }

  /** All items, from the house alone. */
  compute(context: ViewContext, params: ViewParams = {}): Items {
    const items: Items = {};
    for (const part of this.#parts) {
      for (const id of part.ids(context, params)) items[part.prefix + id] = plain(part.item(id, context, params));
    }
    return items;
  }

  /**
   * What the changes show at once, against the items shown so far: `changes` for things, `summed` for calm parts.
   * The house of the context already holds them all. An item that would differ only in the moment it was computed for stays: it is true for the moment it names.
   */
  refresh(context: ViewContext, params: ViewParams, changes: readonly Change[], summed: readonly Change[], previous: Items): Patch {
    const set: Items = {};
    const remove: string[] = [];
    for (const part of this.#parts) {
      const told = part.calm ? summed : changes;
      if (told.length === 0) continue;
      const touched = part.touched(told, context, params);
      if (touched !== 'all' && touched.size === 0) continue;
      const keys = new Set<string>();
      for (const id of part.ids(context, params)) {
        const key = part.prefix + id;
        keys.add(key);
        if (key in previous && touched !== 'all' && !touched.has(id)) continue;
        const item = part.item(id, context, params);
        if (!sameExceptMoment(previous[key], item)) set[key] = plain(item);
      }
      for (const key in previous) if (key.startsWith(part.prefix) && !keys.has(key)) remove.push(key);
    }
    return { set, remove };
  }
}

// Items are plain data without undefined fields; their interfaces merely lack the index signature of `Json`.
const plain = (item: object) => item as Json;

/** The patch that makes `next` of `previous`; items of equal content are left out. */
export function difference(previous: Items, next: Items): Patch {
  const set: Items = {};
  for (const key in next) if (!sameItem(previous[key], next[key])) set[key] = next[key]!;
  return { set, remove: Object.keys(previous).filter((key) => !(key in next)) };
}

/** `previous` with the patch applied; a new object. */
export function applied(previous: Items, patch: Patch): Items {
  const next = { ...previous, ...patch.set };
  for (const key of patch.remove) delete next[key];
  return next;
}
