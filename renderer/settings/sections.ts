import { SETTINGS, type Setting } from '#shared/config/settings.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly settings: readonly Setting[];
}

/** First name of a key -> section; a new setting stands in the section of its first name, or under `Other`. */
const TITLES: readonly (readonly [id: string, title: string, names: readonly string[]])[] = [
  ['site', 'Site', ['tenant', 'site', 'title', 'timezone', 'dirtyOnVacate']],
  ['units', 'Units and beds', ['units', 'statuses']],
  ['or', 'Operating rooms', ['or']],
  ['practice', 'Practice', ['practice']],
  ['figures', 'Figures and limits', ['thresholds', 'kpiWindows', 'wipLimits', 'crowdingIndex', 'attendingPhysiciansInEd', 'performanceWeights']],
  ['layouts', 'Walls', ['layouts', 'floorplans']],
  ['accounts', 'Named accounts', ['users']],
  ['oidc', 'Single sign-on', ['oidc']],
  ['sources', 'Sources', ['sources', 'unknownSources', 'sourceIntervalSeconds']],
  ['retention', 'Retention', ['retention']],
  ['publishing', 'Publishing', ['publishOps']],
];

/** Every setting of the site document, by section. */
export function sections(settings: readonly Setting[] = SETTINGS): Section[] {
  const known = new Set(TITLES.flatMap(([, , names]) => names));
  const rest = settings.filter(({ path }) => !known.has(path[0]!));
  const named = TITLES.map(([id, title, names]) => ({ id, title, settings: settings.filter(({ path }) => names.includes(path[0]!)) }));
  return [...named, { id: 'other', title: 'Other', settings: rest }].filter((section) => section.settings.length > 0);
}
