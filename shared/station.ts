import { z } from 'zod';

/** With a login of its own beside it, never within: addresses are shown and logged. */
const ADDRESS = /^(embedded|mqtts?:\/\/(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(:[0-9]{1,5})?)$/;
/** Half a character cannot be sent or written to a file. */
const text = (most: number) => z.string().min(1).max(most).refine((given) => !/\p{Surrogate}/u.test(given), 'half a character');

const brokerFields = z.strictObject({
  address: z.string().max(280).regex(ADDRESS, 'embedded, or an address such as mqtts://broker.hospital.example:8883, without user and password').refine((text) => text === 'embedded' || URL.canParse(text), 'no address').describe('embedded: Vigil\'s own, for one machine. Else the hospital\'s: mqtt://host:1883, or mqtts://host:8883 by TLS.'),
  user: text(256).optional().describe('Name by which this station signs in there.'),
  passwordFile: z.string().regex(/^broker[A-Za-z0-9._-]{0,60}$/, 'the name of a file that begins with "broker", without folders').optional().describe('Name of the file that holds the password, mode 0600, in the data directory or among the credentials that systemd gives the core. None where the desktop\'s key store keeps it, or VIGIL_BROKER_PASSWORD tells it.'),
  ca: text(512).optional().describe('Certificates that a broker by mqtts:// is trusted by, in PEM; the machine\'s own unless named. A path from the data directory on, or a whole one.'),
  cert: text(512).optional().describe('Certificate that this station shows, in PEM.'),
  key: text(512).optional().describe('Its key.'),
});

interface Broker {
  readonly address: string;
  readonly user?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What of a broker cannot be together. */
function contradictions({ address, user, ca, cert, key }: Broker, context: z.RefinementCtx): void {
  const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (address === 'embedded' && user !== undefined) fault('user', 'Vigil\'s own broker knows no users');
  for (const [name, value] of Object.entries({ ca, cert, key })) if (value !== undefined && !address.startsWith('mqtts://')) fault(name, 'certificates are for a broker by TLS: write mqtts://');
  if ((cert === undefined) !== (key === undefined)) fault(cert === undefined ? 'cert' : 'key', 'a certificate and its key go together: name both');
}

const name = () => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'letters, digits, ".", "_" and "-", up to 32').optional().describe('Name of this station, and of its session on the broker; two stations need two names.');
const join = () => z.string().max(280).regex(/^https?:\/\/[^\s?#@/]+\/?$/, 'an address such as https://hub.hospital.example:8073').refine((text) => URL.canParse(text), 'no address').optional().describe('Address of a running station whose log this one takes over at its start; its API token in VIGIL_TOKEN.');

export const brokerPassword = () => text(1_024);

/** What a station says of itself in `station.yaml`, beside the site document. */
export const stationDocumentSchema = z.strictObject({
  station: name(),
  join: join(),
  broker: brokerFields.superRefine(contradictions).optional().describe('The broker that events come from.'),
});
export type StationDocument = z.output<typeof stationDocumentSchema>;
export type BrokerDocument = NonNullable<StationDocument['broker']>;

/** A broker as it is told of and asked for: where its password lies is not for callers to name. */
export const brokerSchema = brokerFields.omit({ passwordFile: true }).superRefine(contradictions);

/** The document as it is told of and asked for. */
export const statedSchema = z.strictObject({ station: name(), join: join(), broker: brokerSchema.optional() });
export type StatedStation = z.output<typeof statedSchema>;

/** JSON Schema of `station.yaml`, for editors. */
export const stationJsonSchema = (): object => ({ ...z.toJSONSchema(stationDocumentSchema, { io: 'input' }), title: 'station.yaml', description: 'What a station of Vigil needs besides the site document.' });
