import type { z } from 'zod';
import { phiPaths } from '#shared/events/phi.ts';
import type { Personal } from '../store/vault.ts';
import type { SiteKey } from './site-key.ts';

/** The fields under which events carry a person's record: the one it is about, and the one that a merge says lives on. */
const [PERSON, SURVIVOR] = ['patient', 'into'];
const RECORDS: ReadonlySet<string | undefined> = new Set([PERSON, SURVIVOR]);

/** Facts and the record that they belong in. */
export interface Person {
  readonly pseudonym: string;
  readonly facts: Personal;
}

/**
 * Takes the fields marked `phi` out of an event's data, in place: identifiers become pseudonyms, values go.
 * Returns what belongs in records of persons, by field path, or undefined if nothing does. Numbers of stays, orders
 * and cases do not: a pseudonym is found again from the number itself.
 */
export function splitPersonal(schema: z.ZodObject, data: Record<string, unknown>, key: SiteKey): Personal | undefined {
  let facts: Personal | undefined;
  for (const { path, kind } of phiPaths(schema)) {
    let holder: Record<string, unknown> | undefined = data;
    for (let i = 0; i < path.length - 1 && holder; i++) holder = holder[path[i]!] as Record<string, unknown> | undefined;
    const field = path[path.length - 1]!;
    const value = holder?.[field];
    if (!holder || typeof value !== 'string') continue;
    if (kind === 'value' || RECORDS.has(path[0])) (facts ??= {})[path.join('.')] = value;
    if (kind === 'identifier') holder[field] = key.pseudonym(value);
    else delete holder[field];
  }
  return facts;
}

/** Facts by the record they are of: what a merge tells under `into` is of the record that lives on, and there it stands under `patient`. */
export function byRecord(facts: Personal): { own: Personal; survivor?: Personal } {
  const prefix = `${SURVIVOR}.`;
  const told = Object.entries(facts).filter(([path]) => path.startsWith(prefix));
  if (told.length === 0) return { own: facts };
  const own = Object.entries(facts).filter(([path]) => !path.startsWith(prefix));
  return { own: Object.fromEntries(own), survivor: Object.fromEntries(told.map(([path, value]) => [`${PERSON}.${path.slice(prefix.length)}`, value])) };
}

/** Whose records what an event says of persons belongs in: its person's, and of a merge that of the one that lives on. */
export function personsOf(person: Person, data: Record<string, unknown>): Person[] {
  const into = data[SURVIVOR] as { id: string } | undefined;
  if (!into) return [person];
  const { own, survivor } = byRecord(person.facts);
  return [{ ...person, facts: own }, ...(survivor ? [{ pseudonym: into.id, facts: survivor }] : [])];
}
