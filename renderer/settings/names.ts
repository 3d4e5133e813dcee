import { SETTINGS } from '#shared/config/settings.ts';
import { KPI_WINDOWS } from '#shared/kpi-windows.ts';
import { longKind } from '../format/unit-kind.ts';

/** What people call a setting; its key, for who edits the file, is told when it is pointed at. */
const SETTING_NAMES: Readonly<Record<string, string>> = {
  title: 'Title of the walls',
  timezone: 'Time zone',
  dirtyOnVacate: 'Vacated beds are dirty',
  'or.rooms': 'Rooms',
  'or.primeTime.from': 'Prime time begins',
  'or.primeTime.to': 'Prime time ends',
  'or.expectedTurnoverMinutes': 'Expected turnover, min',
  'or.shortNames': 'Short names of procedures',
  'practice.chairs': 'Chairs',
  'practice.hours.from': 'Hours begin',
  'practice.hours.to': 'Hours end',
  'practice.wipLimits': 'Most patients in a stage',
  'statuses.bed': 'Your words for a bed',
  'statuses.room': 'Your words for an operating room',
  'kpiWindows.shifts': 'Shifts begin at',
  'kpiWindows.metrics': 'Over how long numbers look back',
  wipLimits: 'Most at once in a stage of flow',
  'layouts.stations': 'Walls of the stations',
  'layouts.screens': 'Boards by display',
  floorplans: 'Floor plans of your own',
  users: 'Accounts',
  performanceWeights: 'Weights of the performance score',
  crowdingIndex: 'Crowding score',
  attendingPhysiciansInEd: 'Physicians in the emergency department',
  sourceIntervalSeconds: 'Refresh times, s',
  sources: 'Known sources',
  unknownSources: 'Sources that are not known',
  'publishOps.types': 'Published although frequent',
  'publishOps.perSecond': 'Most of a type a second',
  'oidc.issuer': 'Address of the provider',
  'oidc.title': 'Name of the provider',
  'oidc.clientId': 'Client',
  'oidc.secretFile': 'File of the client\'s secret',
  'oidc.scopes': 'Scopes',
  'oidc.nameClaim': 'Claim of the name',
  'oidc.rolesClaim': 'Claim of the groups',
  'oidc.roles': 'Roles by group',
  'retention.entities': 'What is over, days',
  'retention.events': 'Event log, days',
  'retention.audit': 'Audit trail, days',
  'retention.baselines': 'Baselines, days',
  'retention.persons': 'Records of persons, days',
  'retention.deadLetters': 'Refused messages, days',
  'retention.deadLetterBodies': 'Bodies of refused messages, days',
  'retention.samples': 'Samples of trends, days',
  'retention.rollups15m': 'Trends by quarters of an hour, days',
  'retention.rollups1h': 'Trends by hours, days',
  'retention.rollups1d': 'Trends by days, days',
  'retention.snapshots': 'Snapshots, days',
};

/** Of a column, by its name or, where a table means something of its own by it, by setting and name. */
const COLUMN_NAMES: Readonly<Record<string, string>> = {
  id: 'Id',
  warn: 'Warning',
  crit: 'Critical',
  intervalSeconds: 'Refresh, s',
  silenceLimitSeconds: 'Silent after, s',
  expectedPerHour: 'Events an hour',
  authority: 'Last word on',
  rotateSeconds: 'Next board after, s',
  u: 'Smallest text, px',
  width: 'Width, px',
  height: 'Height, px',
  x: 'From left, px',
  y: 'From top, px',
  'statuses.bed.name': 'Your word',
  'statuses.bed.base': 'Is one of',
  'statuses.room.name': 'Your word',
  'statuses.room.base': 'Is one of',
  'wipLimits.limit': 'Most at once',
  'or.shortNames.name': 'Procedure',
  'or.shortNames.value': 'Short name',
  'practice.wipLimits.name': 'Stage',
  'practice.wipLimits.value': 'Patients',
  'performanceWeights.name': 'Metric',
  'performanceWeights.value': 'Weight',
  'thresholds.name': 'Metric',
  'kpiWindows.metrics.name': 'Metric',
  'kpiWindows.metrics.value': 'Looks back over',
  'sourceIntervalSeconds.name': 'Source',
  'sourceIntervalSeconds.value': 'Seconds',
  'oidc.roles.name': 'Group',
  'oidc.roles.value': 'Roles',
};

const CHOICE_NAMES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(KPI_WINDOWS.map((window) => [`kpiWindows.metrics.value.${window}`, window.endsWith('h') ? `The last ${parseInt(window, 10)} h` : `The ${window} so far`])),
  'crowdingIndex.nedocs': 'NEDOCS',
  'crowdingIndex.edwin': 'EDWIN',
  'unknownSources.quarantine': 'Wait until accepted',
  'sources.kind.ehr': 'Health record (EHR)',
  'sources.kind.bed': 'Bed management',
  'sources.kind.ed': 'Emergency department',
  'sources.kind.or': 'Operating rooms',
  'sources.kind.icu': 'Intensive care',
  'sources.kind.lis': 'Laboratory (LIS)',
  'sources.kind.ris': 'Radiology (RIS)',
  'sources.kind.rcm': 'Revenue cycle',
  'sources.kind.comms': 'Messages to patients',
  'sources.kind.flow': 'Patient flow',
};

/** A name of the contract in words: `someNameOfIt` as `Some name of it`. */
function inWords(name: string): string {
  const words = name.replace(/[._-]+/g, ' ').replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const settingName = (key: string): string => SETTING_NAMES[key] ?? inWords(key);

export const columnName = (key: string, column: string): string => COLUMN_NAMES[`${key}.${column}`] ?? COLUMN_NAMES[column] ?? inWords(column);

/** Name of one of the values to choose from, of a setting or of a column of it. */
export const choiceName = (place: string, choice: string): string => (place === 'units.kind' ? longKind(choice) : (CHOICE_NAMES[`${place}.${choice}`] ?? inWords(choice)));

/** Where in a site document something stands, for people: `Units, row 3, Beds`. */
export function placeName(path: readonly string[]): string {
  const setting = SETTINGS.find((one) => one.path.every((name, i) => name === path[i]));
  if (!setting) return path.length === 0 ? 'The whole document' : path.map(inWords).join(', ');
  const rest = path.slice(setting.path.length).map((name, i) => (/^\d+$/.test(name) ? `row ${Number(name) + 1}` : i === 0 ? name : columnName(setting.key, name)));
  return [settingName(setting.key), ...rest].join(', ');
}
