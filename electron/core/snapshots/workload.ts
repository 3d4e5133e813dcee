import type { House } from '../domain/house.ts';
import type { EntityStates, FoldedKind } from '../domain/states.ts';
import { perVersion } from '../metrics/per-version.ts';
import { metricsOf, WHOLE, type Take } from './taken.ts';

/** A department is told as long as the house keeps anything of it. */
const anyOf = (house: House, kinds: readonly FoldedKind[]): boolean => kinds.some((kind) => house.all(kind).size > 0);

/** Names by which a kind of entity is told apart, in order. */
const namesOf = <K extends FoldedKind>(kind: K, name: (state: EntityStates[K]) => string | undefined) =>
  perVersion((house) => {
    const names = new Set<string>();
    for (const state of house.all(kind).values()) {
      const told = name(state);
      if (told !== undefined) names.add(told);
    }
    return [...names].sort();
  }, kind);

/** The whole, then each name of it. */
const bySubject =
  (key: string, kinds: readonly FoldedKind[], names: (house: House) => readonly string[]): Take =>
  (house, family, at) =>
    anyOf(house, kinds) ? [WHOLE, ...names(house)].map((name) => ({ subject: [name], facts: {}, ...metricsOf(house, family, name === WHOLE ? {} : { [key]: name }, at) })) : [];

const departments = (house: House): string[] => house.site.units.filter(({ kind }) => kind === 'ed').map(({ id }) => id);

/** Each emergency department that the site configures, and all together where that is not the same. */
export const takeEd: Take = (house, family, at) => {
  const eds = departments(house);
  if (eds.length === 0 && !hasVisits(house)) return [];
  return (eds.length === 1 ? eds : [WHOLE, ...eds]).map((ed) => ({ subject: [ed], facts: {}, ...metricsOf(house, family, ed === WHOLE ? {} : { ed }, at) }));
};

const hasVisits = perVersion((house) => {
  for (const { ed } of house.all('encounter').values()) if (ed) return true;
  return false;
}, 'encounter');

export const takeLab = bySubject('priority', ['lab-order'], namesOf('lab-order', ({ priority }) => priority));
export const takeImaging = bySubject('modality', ['imaging-order'], namesOf('imaging-order', ({ modality }) => modality));

const payers = [
  namesOf('claim', ({ payer }) => payer),
  namesOf('denial', ({ payer }) => payer),
  namesOf('preauth', ({ payer }) => payer),
  namesOf('account', ({ payer }) => payer),
];

export const takeRcm = bySubject('payer', ['claim', 'denial', 'preauth', 'account'], (house) => [...new Set(payers.flatMap((names) => names(house)))].sort());
