import type { Json } from '../json.ts';

/** One place in which two documents differ; absent: nothing was said there. */
export interface Difference {
  /** JSON Pointer (RFC 6901) in which elements of a list are named by their id, sources by `kind:instance`. */
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}

const escape = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
const same = (a: Json | undefined, b: Json | undefined) => canonical(a) === canonical(b);

/** JSON with the keys of objects in order. */
export function canonical(value: Json | undefined): string {
  return JSON.stringify(value, (_, part: Json) => (isTable(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part)) ?? '';
}

const isTable = (value: Json | undefined): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an element of a list goes by: its id, a source by kind and instance, else its name. */
export function nameOf({ id, kind, instance, name }: { [key: string]: Json }): string | undefined {
  if (typeof id === 'string') return id;
  if (typeof instance === 'string' && typeof kind === 'string') return `${kind}:${instance}`;
  return typeof name === 'string' ? name : undefined;
}

/** A list as a table by the names of its elements; undefined where it has elements without one, or two of one name. */
function byName(list: Json[]): Map<string, Json> | undefined {
  const named = new Map<string, Json>();
  for (const element of list) {
    if (!isTable(element)) return undefined;
    const name = nameOf(element);
    if (name === undefined || named.has(name)) return undefined;
    named.set(name, element);
  }
  return named;
}

function parts(before: Json | undefined, after: Json | undefined): [Map<string, Json>, Map<string, Json>] | undefined {
  if (isTable(before) && isTable(after)) return [new Map(Object.entries(before)), new Map(Object.entries(after))];
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const [was, is] = [byName(before), byName(after)];
  return was && is ? [was, is] : undefined;
}

/** Where two documents differ, from the top down; the order of named elements is a difference of the list itself. */
export function differences(before: Json | undefined, after: Json | undefined, path = ''): Difference[] {
  if (same(before, after)) return [];
  const found = parts(before, after);
  const whole = [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
  if (!found) return whole;
  const [was, is] = found;
  const within = [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => differences(was.get(name), is.get(name), `${path}/${escape(name)}`));
  return within.length > 0 ? within : whole;
}
