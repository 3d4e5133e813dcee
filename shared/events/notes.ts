import { marked } from './phi.ts';
import { eventTypes } from './registry.ts';

const compiled = new Map<string, readonly (readonly string[])[]>();

/** Where free text stands in the data of an event type. */
export function notePaths(type: string): readonly (readonly string[])[] {
  let paths = compiled.get(type);
  if (!paths) {
    const known = eventTypes.get(type);
    compiled.set(type, (paths = known ? [...marked(known.data, 'note')].map(({ path }) => path) : []));
  }
  return paths;
}

/** Takes the free text out of an event's data, in place, and returns it by field path. */
export function takeNotes(type: string, data: Record<string, unknown>): Record<string, string> {
  const notes: Record<string, string> = {};
  for (const path of notePaths(type)) {
    const holder = path.slice(0, -1).reduce<Record<string, unknown> | undefined>((part, key) => part?.[key] as Record<string, unknown> | undefined, data);
    const field = path.at(-1)!;
    if (typeof holder?.[field] !== 'string') continue;
    notes[path.join('.')] = holder[field];
    delete holder[field];
  }
  return notes;
}
