import type { Json } from '../json.ts';
import { nameOf } from './difference.ts';
import { documentOf, said, SETTINGS, type SiteDocument } from './settings.ts';

/** A place that a document has not; the message says which there are. */
export class NoSuchPlace extends Error {}

/**
 * The document with another value at a place; without one the place goes, and a setting is as by default again.
 * @param place key of a setting, and behind slashes a place within it, elements of lists by their id: `units/4E/name`
 */
export function edited(document: SiteDocument, place: string, value: Json | undefined): SiteDocument {
  const [key, ...within] = place.split('/');
  const setting = SETTINGS.find((one) => one.key === key);
  if (!setting) throw new NoSuchPlace(`there is no setting ${key}; there are ${SETTINGS.map((one) => one.key).join(', ')}`);
  const put = within.length === 0 ? value : replaced(said(document, setting), within, value, key!);
  return documentOf((one) => (one === setting ? put : said(document, one)));
}

function replaced(at: Json | undefined, [name, ...rest]: readonly string[], value: Json | undefined, where: string): Json | undefined {
  if (name === undefined) return value;
  if (Array.isArray(at)) {
    const index = at.findIndex((element) => elementName(element) === name);
    if (index < 0) throw new NoSuchPlace(`${where} has no ${name}; it has ${at.map(elementName).join(', ') || 'nothing'}`);
    const element = replaced(at[index], rest, value, `${where}/${name}`);
    return element === undefined ? at.toSpliced(index, 1) : at.with(index, element);
  }
  if (typeof at !== 'object' && at !== undefined) throw new NoSuchPlace(`${where} is ${JSON.stringify(at)}, there is nothing within`);
  const { [name]: old, ...others } = at ?? {};
  const next = replaced(old, rest, value, `${where}/${name}`);
  return next === undefined ? others : { ...at, [name]: next };
}

/** What an element of a list goes by; a label by itself. */
const elementName = (element: Json): string | undefined => (typeof element === 'object' && element !== null && !Array.isArray(element) ? nameOf(element) : String(element));
