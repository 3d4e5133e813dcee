import { z } from 'zod';
import { brokerPassword, brokerSchema, statedSchema } from '../station.ts';
import { defineOperation } from './operation.ts';

const group = { tag: 'configuration' } as const;

/** Parts of the document that flags, or the environment, may say instead. */
export const STATION_PARTS = ['broker', 'station', 'join'] as const;

/** How a core runs, as far as people who set a station up need it. */
export const stationSchema = z.strictObject({
  tenant: z.string(), site: z.string(), station: z.string(), version: z.string(),
  /** Address of the broker without its password, or `embedded`, and then its port. */
  broker: z.string(), mqttPort: z.int(),
  /** Address of the hub that it joined when it started. */
  join: z.string().nullable(),
  /** Whether names of patients are kept here at all, and whether pseudonyms are made with a key that everybody knows. */
  vault: z.boolean(), developmentKey: z.boolean(),
  /** The site document's file; null: none. */
  file: z.string().nullable(),
  /** The station document, as it was said, and where it lies. */
  document: statedSchema, path: z.string(),
  /** Where the password of the document's broker lies; never the password. */
  password: z.enum(['none', 'file', 'key-store', 'environment']),
  /** Parts in which the document does not hold or cannot be changed, and what says them instead. */
  fixed: z.array(z.strictObject({ part: z.enum(STATION_PARTS), by: z.string() })),
});
export type StationFacts = z.output<typeof stationSchema>;

export const getStation = defineOperation({
  ...group, id: 'getStation', method: 'GET', path: '/station', summary: 'How this core runs, and the station document', permission: 'config.read', answer: stationSchema, conditional: true,
});

export const putStation = defineOperation({
  ...group, id: 'putStation', method: 'PUT', path: '/station', summary: 'Change the station document: broker, name, hub to join', permission: 'config.write',
  description: 'The document is whole. Another broker or name is in force at once, without a restart; another hub with the next start. What flags of the core say cannot be changed here. A password is kept where the core keeps secrets and never told again: without one, that of the same address and user stays; null forgets it. If-Match takes no "*".',
  body: z.strictObject({ document: statedSchema, password: brokerPassword().nullable().optional(), why: z.string().trim().min(3).max(500) }),
  answer: stationSchema, problems: [422, 503], guarded: true, repeatable: true,
});

export const findingSchema = z.strictObject({ what: z.string(), ok: z.boolean(), found: z.string(), advice: z.string().optional() });

export const probeBroker = defineOperation({
  ...group, id: 'probeBroker', method: 'POST', path: '/station/probe', summary: 'Try a broker as this station would use it; nothing is changed', permission: 'config.write',
  description: 'Connects to the given address alone, sends 1,500 messages on a topic of its own and removes its session. Without a password that of the document is used, where address and user are the same. One at a time, ten a minute. If-Match takes no "*".',
  body: z.strictObject({ broker: brokerSchema, password: brokerPassword().optional() }),
  answer: z.strictObject({ well: z.boolean(), findings: z.array(findingSchema) }), problems: [422], guarded: true,
});

export const getBrokerLink = defineOperation({
  ...group, id: 'getBrokerLink', method: 'GET', path: '/station/link', summary: 'The link to the broker now', permission: 'config.read',
  answer: z.strictObject({ state: z.enum(['connected', 'connecting', 'lost']), why: z.string().nullable() }),
});
