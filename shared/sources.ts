import { z } from 'zod';
import { SOURCES } from './events/envelope.ts';

/** `quarantined`: heard and not yet accepted, its events wait; `refused`: its events are set aside as dead letters. */
export const SOURCE_STATES = ['registered', 'quarantined', 'refused'] as const;
export type SourceRegistration = (typeof SOURCE_STATES)[number];

/** Who made a source known: the site document, a person, its own `source.registered`, its first message, or a loaded file. */
export const REGISTERED_BY = ['site', 'person', 'event', 'contact', 'file'] as const;

/** What a source lets decide where it and another speak of the same field. */
export const AUTHORITIES = ['bed-status'] as const;

const seconds = () => z.number().positive().max(7 * 86_400);

/** A source as the site document or a person registers it. */
export const sourceConfigSchema = z.strictObject({
  kind: z.enum(SOURCES),
  instance: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  title: z.string().min(1).max(64).optional(),
  /** Agreed refresh time: an event or heartbeat at least this often. */
  intervalSeconds: seconds().optional(),
  /** After this silence the source counts as lost. */
  silenceLimitSeconds: seconds().optional(),
  expectedPerHour: z.number().min(0).optional(),
  /** Fields of which this kind of source has the last word: `bed-status` stands at the bed, as bed management does. */
  authority: z.array(z.enum(AUTHORITIES)).default([]),
});
export type SourceConfig = z.output<typeof sourceConfigSchema>;

const { title, intervalSeconds, silenceLimitSeconds, expectedPerHour } = sourceConfigSchema.shape;
/** What a source is to be held to from now on: what is not named stays, null takes it away. */
export const sourceChangeSchema = z.strictObject({ title: title.nullable(), intervalSeconds: intervalSeconds.nullable(), silenceLimitSeconds: silenceLimitSeconds.nullable(), expectedPerHour: expectedPerHour.nullable() });
export type SourceChange = z.output<typeof sourceChangeSchema>;

/** One source instance as it stands in the store. Times are epoch ms on the site's clock, lags ms; null: never, or not known. */
export interface SourceRecord {
  readonly uri: string;
  readonly kind: string;
  readonly instance: string;
  readonly state: SourceRegistration;
  readonly registeredBy: (typeof REGISTERED_BY)[number];
  readonly title: string | null;
  readonly intervalSeconds: number | null;
  readonly silenceLimitSeconds: number | null;
  readonly expectedPerHour: number | null;
  readonly firstContact: number | null;
  readonly lastContact: number | null;
  readonly lastEventTime: number | null;
  /** Newest event time of each event type that it told. */
  readonly types: Readonly<Record<string, number>>;
  /** Receive time - event time: of the newest event, and smoothed over about the last 20. */
  readonly lagMs: number | null;
  readonly smoothedLagMs: number | null;
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  /** Events that came in quarantine and wait, and their bytes. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Events that are ahead of the clock and wait for it, and their bytes. */
  readonly held: number;
  readonly heldBytes: number;
  /** Events that found their waiting queue full: counted, not kept. */
  readonly overflowed: number;
}

/** What people and documents say of a source: whether it may speak, and what it is held to. No message moves it. */
export type SourceTerms = Pick<SourceRecord, 'uri' | 'kind' | 'instance' | 'state' | 'registeredBy' | 'title' | 'intervalSeconds' | 'silenceLimitSeconds' | 'expectedPerHour'>;

export const termsOf = ({ uri, kind, instance, state, registeredBy, title, intervalSeconds, silenceLimitSeconds, expectedPerHour }: SourceRecord): SourceTerms => ({
  uri, kind, instance, state, registeredBy, title, intervalSeconds, silenceLimitSeconds, expectedPerHour,
});

/** What is wrong with a source or the station, by name; the most urgent first in any list. */
export const SOURCE_TROUBLES = ['silent', 'never-heard', 'clock-ahead', 'flooding', 'queue-full', 'quarantined', 'refused'] as const;
export const STATION_TROUBLES = ['store-full', 'store-read-only', 'store-failing', 'clock-stepped-back', 'back-pressure', 'broker-lost', 'certificate-ends', 'dead-letters-dropped', 'unknown-status'] as const;
export type TroubleName = (typeof SOURCE_TROUBLES)[number] | (typeof STATION_TROUBLES)[number];

/** One thing that is wrong now. */
export interface Trouble {
  readonly state: TroubleName;
  /** The source instance it concerns, as `kind/instance`; absent for the station itself. */
  readonly source?: string;
  /** What was found, in words, with its figures. */
  readonly detail: string;
}
