import type { z } from 'zod';
import { phiPaths } from '#shared/events/phi.ts';
import type { Personal } from '../store/vault.ts';
import type { SiteKey } from './site-key.ts';

/** The field under which events carry a person. */
const PERSON = 'patient';

/**
 * Takes the fields marked `phi` out of an event's data, in place: identifiers become pseudonyms, values go.
 * Returns what belongs in the person's record, by field path, or undefined if nothing does. Numbers of stays, orders
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
    if (kind === 'value' || path[0] === PERSON) (facts ??= {})[path.join('.')] = value;
    if (kind === 'identifier') holder[field] = key.pseudonym(value);
    else delete holder[field];
  }
  return facts;
}
