import { Problem } from './problem.ts';

/** A place in a list, as text that callers hand back and do not read. */
export const cursorOf = (place: readonly (string | number)[]): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** The place that a cursor names, made of these kinds of fields. @throws Problem (400) for a cursor of another list, or none */
export function placeOf<T extends readonly (string | number)[]>(cursor: string, fields: readonly ('string' | 'number')[]): T {
  const place = parsed(cursor);
  if (Array.isArray(place) && place.length === fields.length && fields.every((kind, i) => typeof place[i] === kind)) return place as unknown as T;
  throw new Problem(400, 'query cursor: this is no cursor of this list; begin without one, and go on with the `next` of the answer before');
}

/** A page of a list that is held whole and small, in the order of its names. */
export function pageOfNamed<T>(list: readonly T[], nameOf: (item: T) => string, { limit, cursor }: { limit: number; cursor?: string | undefined }): { items: T[]; next?: string } {
  const after = cursor === undefined ? '' : placeOf<[string]>(cursor, ['string'])[0];
  const items = list.filter((item) => nameOf(item) > after).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)).slice(0, limit + 1);
  if (items.length <= limit) return { items };
  items.pop();
  return { items, next: cursorOf([nameOf(items.at(-1)!)]) };
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
