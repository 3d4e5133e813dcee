import type { MetricDefinition } from '../definition.ts';

const scopes = ['room'] as const;
const duration = { kind: 'distribution', unit: 'min', scopes, direction: 'high' } as const;
const count = { kind: 'count', unit: 'cases', scopes, direction: 'none', source: 'Vigil' } as const;
const schedule = ['or.case-scheduled.scheduledStart', 'or.case-scheduled.room', 'or.case-cancelled@time', 'site.timezone'] as const;
/** The wheels; where they are not told, start and end of the procedure stand for them. */
const occupation = [
  'or.patient-in-room@time', 'or.patient-out-of-room@time', 'or.case-started@time', 'or.case-completed@time', 'or.case-scheduled.room', 'or.patient-in-room.room',
  'site.timezone',
] as const;
const STANDS = 'Where no wheels in or out are told, start and end of the procedure stand for them.';

const prediction = [
  ...occupation, 'or.case-scheduled.scheduledStart', 'or.case-scheduled.scheduledMinutes', 'or.case-delayed.expectedStart', 'or.case-cancelled@time',
  'site.or.expectedTurnoverMinutes',
] as const;

export const orMetrics: readonly MetricDefinition[] = [
  {
    id: 'or.first_case_on_time_rate',
    title: 'First case on time',
    short: 'OR 1st case',
    detail: 'in room within 5 min',
    kind: 'rate',
    unit: '%',
    scopes,
    formula:
      'Room-days whose first case (earliest scheduled start of the room and site day, cancelled cases apart) is in room at most 5 min after its scheduled start '
      + '/ room-days with a case. A first case that is not in room and not yet late is not judged, nor one that took place without wheels in being told.',
    inputs: [...schedule, 'or.patient-in-room@time', 'or.patient-out-of-room@time', 'or.case-started@time', 'or.case-completed@time'],
    source: 'casectrl; AORN practice',
    direction: 'low',
    warn: 0.8,
    crit: 0.7,
    scale: [0, 1],
  },
  {
    ...duration,
    id: 'or.first_case_delay',
    title: 'First case delay',
    formula: 'Scheduled start to patient in room, of the first case of each room and site day; early starts are excluded.',
    inputs: [...schedule, 'or.patient-in-room@time'],
    source: 'AORN practice',
    warn: 10,
    crit: 30,
  },
  {
    ...duration,
    id: 'or.case_delay',
    title: 'Case delay',
    short: 'Delay',
    detail: 'in room after plan',
    formula: 'Scheduled start to patient in room; early starts are excluded.',
    inputs: [...schedule, 'or.patient-in-room@time'],
    source: 'AORN practice',
    warn: 15,
    crit: 45,
  },
  {
    ...duration,
    id: 'or.turnover',
    title: 'Turnover',
    detail: 'out to next in',
    formula:
      'Patient out of room to next patient in room, cases ordered by time in room, same room and site day. '
      + 'Gaps over 120 min are excluded, negative gaps are overlaps and neither samples nor excluded, and so are gaps beside a case without wheels.',
    inputs: occupation,
    source: 'AORN practice',
    warn: 30,
    crit: 45,
  },
  {
    id: 'or.utilisation',
    title: 'Utilisation (in-room + turnover, prime time)',
    short: 'Utilisation',
    detail: 'in-room + turnover',
    kind: 'rate',
    unit: '%',
    scopes,
    formula:
      '(In-room minutes + turnover minutes within prime time) / prime-time minutes, of the rooms and site days that ran, up to now. '
      + `Overlapping minutes count once; turnover minutes are gaps of at most 120 min. ${STANDS}`,
    inputs: [...occupation, 'site.or.primeTime.from', 'site.or.primeTime.to'],
    source: 'LeanTaaS / UCHealth definition',
    direction: 'band',
    normal: [0.75, 0.85],
    scale: [0, 1],
  },
  {
    ...duration,
    id: 'or.overrun',
    title: 'Overrun',
    formula: `In-room minutes after the end of prime time, one sample a room and site day that ran and is over (0 when it ended within prime time). ${STANDS}`,
    inputs: [...occupation, 'site.or.primeTime.to'],
    source: 'Common practice',
    warn: 30,
    crit: 60,
    commonPractice: true,
  },
  {
    id: 'or.predicted_end',
    title: 'Predicted end',
    kind: 'gauge',
    unit: 'epoch ms',
    scopes,
    formula:
      'Now + remaining expected duration of the running case and of the scheduled cases of the site day + an expected turnover before each further case; '
      + `no case starts before its scheduled (or announced later) start. Without a room: the latest of all rooms. ${STANDS}`,
    inputs: prediction,
    source: 'Vigil',
    direction: 'none',
  },
  {
    id: 'or.rooms_after_prime_time',
    title: 'Rooms after prime time',
    short: 'After prime time',
    detail: 'predicted end',
    kind: 'gauge',
    unit: 'rooms',
    scopes,
    formula: 'Rooms with a case running or left today whose predicted end is after the end of prime time.',
    inputs: [...prediction, 'site.or.primeTime.to'],
    source: 'Vigil',
    direction: 'none',
  },
  {
    ...count,
    id: 'or.cases_scheduled',
    title: 'Cases scheduled',
    formula: 'Cases whose scheduled start falls in the window, cancelled ones included.',
    inputs: ['or.case-scheduled.scheduledStart', 'or.case-scheduled.room'],
  },
  {
    ...count,
    id: 'or.cases_completed',
    title: 'Cases completed',
    short: 'Cases done',
    formula: 'Cases completed in the window (case completed, else patient out of room), without those cancelled in the room.',
    inputs: ['or.case-completed@time', 'or.patient-out-of-room@time', 'or.case-cancelled@time', 'or.case-scheduled.room'],
  },
  {
    ...count,
    id: 'or.cases_cancelled',
    title: 'Cases cancelled',
    formula: 'Cases cancelled in the window.',
    inputs: ['or.case-cancelled@time', 'or.case-scheduled.room'],
  },
  {
    ...count,
    id: 'or.overlaps',
    title: 'Overlaps',
    detail: 'two in one room',
    formula: `Two cases in one room at once: patient in room before the case before it in the same room and site day was out. A data-quality flag. ${STANDS}`,
    inputs: occupation,
  },
];
