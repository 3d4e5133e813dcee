import { InvalidArgumentError, type Command } from 'commander';

export const DEFAULT_PORT = 8073;
export const DEFAULT_MQTT_PORT = 1883;
/** Name of a station that is not given one. */
export const DEFAULT_STATION = 'hub';

/** How a core runs; the same flags in `vigil serve` and in the desktop's utility process. */
export interface ServeFlags {
  broker?: string;
  data: string;
  port: number;
  host: string;
  publicName: string[];
  tlsCert?: string;
  tlsKey?: string;
  tlsClientCa?: string;
  mqttPort: number;
  brokerCa?: string;
  brokerCert?: string;
  brokerKey?: string;
  tenant: string;
  site: string;
  station?: string;
  /** Address of the hub's API that this station joins. */
  join?: string;
  config?: string;
  keyFile?: string;
  vault: boolean;
  backups?: string;
  replay?: string;
  /** Undefined: a replay at 60 times, the demo in real time. */
  speed?: number;
  begin?: string;
  hold: boolean;
  demo?: boolean;
  seed?: string;
  daysHistory?: number;
  day?: string;
  rate?: number;
  scenario?: string;
}

/** The flags of a core once its station document has said the rest. */
export type Serving = ServeFlags & { readonly broker: string; readonly station: string };

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}

function factor(text: string): number {
  const value = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1]);
  if (!(value > 0)) throw new InvalidArgumentError('write a factor such as 60x');
  return value;
}

function days(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 14) throw new InvalidArgumentError('write a whole number of days from 0 to 14');
  return value;
}

function name(text: string): string {
  if (!/^[A-Za-z0-9._-]{1,32}$/.test(text)) throw new InvalidArgumentError('letters, digits, ".", "_" and "-", up to 32');
  return text;
}

function dnsName(text: string, before: string[]): string[] {
  if (!/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text)) throw new InvalidArgumentError('write a name such as vigil.hospital.example, without scheme and port');
  return [...before, text];
}

function address(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new InvalidArgumentError('write an address such as https://hub.hospital.example:8073');
  return text;
}

function timeOfDay(text: string): string {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) throw new InvalidArgumentError('write a time of day such as 09:00');
  return text;
}

/** Adds the flags of a serving core to a command. Without a default directory `--data` has to be given. */
export function withServeFlags(command: Command, defaults: { data?: string } = {}): Command {
  const data = ['--data <dir>', 'directory of the store; made if missing'] as const;
  return (defaults.data === undefined ? command.requiredOption(...data) : command.option(...data, defaults.data))
    .option('--broker <url>', 'embedded, or the hospital\'s broker: mqtt://host:1883; else as station.yaml in the data directory says, or embedded')
    .option('--broker-ca <file>', 'certificates that an mqtts:// broker is trusted by, in PEM; the machine\'s own unless given')
    .option('--broker-cert <file>', 'certificate that this station shows an mqtts:// broker, in PEM')
    .option('--broker-key <file>', 'its key')
    .option('--port <n>', 'port of the wall and the API', portNumber, DEFAULT_PORT)
    .option('--host <address>', 'address that the wall and the API listen on; other than loopback with TLS only', '127.0.0.1')
    .option('--tls-cert <file>', 'certificate of the wall and the API, its chain behind it, in PEM; looked at again every half minute')
    .option('--tls-key <file>', 'its key')
    .option('--tls-client-ca <file>', 'who does not show a certificate of these is not listened to')
    .option('--public-name <name>', 'name by which browsers ask for the wall; may be given again', dnsName, [])
    .option('--mqtt-port <n>', 'port of the embedded broker on loopback', portNumber, DEFAULT_MQTT_PORT)
    .option('--tenant <name>', 'organisation', 'local')
    .option('--site <name>', 'hospital or clinic', 'main')
    .option('--station <name>', `name of this station; its session on the broker; else as station.yaml says, or ${DEFAULT_STATION}`)
    .option('--join <url>', 'take the log of a running station over first, then go on live; its API token (log.read) in VIGIL_TOKEN', address)
    .option('--config <file>', 'site document: units, beds, rooms, zone')
    .option('--key-file <file>', 'secret of the site, 32 bytes or more, the same on all its stations')
    .option('--backups <dir>', 'where the newest backup is looked for when the store is damaged (default: backups in the data directory)')
    .option('--no-vault', 'keep no personal data here (walls, kiosks)')
    .option('--replay <recording>', 'replay a recorded day (a name such as real-day, or a directory) instead of waiting for live events')
    .option('--speed <factor>', 'speed of the replay (60x unless given) or of the demo hospital (1x)', factor)
    .option('--begin <hh:mm>', 'time of the recorded day, or of the demo\'s, in the site\'s zone, at which it starts; what came before is there at once', timeOfDay)
    .option('--hold', 'stay at the end of the recording instead of starting over', false)
    .option('--demo', 'show the simulated demo hospital instead of waiting for live events')
    .option('--seed <text>', 'of the demo: one seed, one course (1 unless given)', name)
    .option('--days-history <n>', 'of the demo: whole days simulated before the day it starts in (1 unless given)', days)
    .option('--day <yyyy-mm-dd>', 'of the demo: day in which it starts, today unless given')
    .option('--rate <factor>', 'of the demo: events as a multiple of the usual', factor)
    .option('--scenario <name>', 'of the demo: what befalls it from its start on, such as winter-surge');
}
