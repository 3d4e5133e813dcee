import type { UnitConfig } from '#shared/site.ts';
import { longKind, shortKind } from '../format/unit-kind.ts';

export type UnitList = { readonly ok: true; readonly units: UnitConfig[] } | { readonly ok: false; readonly faults: readonly string[] };

const MOST_OF_RANGE = 500;

/**
 * Units as people list them, one a line: `4E; 4E Cardiology; ward; 01-24, 30`. Id, name, kind and beds; a range of beds
 * keeps the digits of its first. What is wrong with the list or its units beyond that, the core says.
 * @param kinds as the site document knows them
 */
export function unitList(text: string, kinds: readonly string[]): UnitList {
  const faults: string[] = [];
  const units: UnitConfig[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [id = '', name = '', kind = '', beds = '', ...more] = line.split(/[;\t]/).map((part) => part.trim());
    const fault = (what: string): void => void faults.push(`Line ${i + 1}: ${what}`);
    if (id === '' || name === '' || kind === '') fault('write id; name; kind; beds');
    else if (more.length > 0) fault(`there is something after the beds: ${more.join('; ')}`);
    else if (kindOf(kind, kinds) === undefined) fault(`"${kind}" is no kind of unit; there are ${kinds.map(shortKind).join(', ')}`);
    else {
      const labels = beds.split(',').map((part) => part.trim()).filter((part) => part !== '').map(bedsOf);
      const wrong = labels.find((one) => typeof one === 'string');
      if (typeof wrong === 'string') fault(wrong);
      else units.push({ id, name, kind: kindOf(kind, kinds) as UnitConfig['kind'], beds: (labels as string[][]).flat() });
    }
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, units };
}

/** The kind that somebody means, by any of its names. */
const kindOf = (written: string, kinds: readonly string[]): string | undefined =>
  kinds.find((kind) => [kind, shortKind(kind), longKind(kind)].some((name) => name.toLowerCase() === written.toLowerCase()));

/** Labels of one bed or of a range; a text says what is wrong. */
function bedsOf(part: string): string[] | string {
  const range = /^(\D*)(\d+)\s*-\s*(?:\1)?(\d+)$/.exec(part);
  if (!range) return [part];
  const [, before = '', first = '', last = ''] = range;
  const [from, to] = [Number(first), Number(last)];
  if (to < from) return `${part} ends before it begins`;
  if (to - from >= MOST_OF_RANGE) return `${part} are ${to - from + 1} beds; ${MOST_OF_RANGE} at most stand in one range`;
  return Array.from({ length: to - from + 1 }, (_, i) => `${before}${String(from + i).padStart(first.length, '0')}`);
}
