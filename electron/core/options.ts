import { InvalidArgumentError, type Command } from 'commander';

export const DEFAULT_PORT = 8073;
export const DEFAULT_MQTT_PORT = 1883;

/** How a core runs; the same flags in `vigil serve` and in the desktop's utility process. */
export interface ServeFlags {
  broker: string;
  data: string;
  port: number;
  mqttPort: number;
  tenant: string;
  site: string;
  station: string;
  config?: string;
  keyFile?: string;
  vault: boolean;
  replay?: string;
  speed: number;
  begin?: string;
  hold: boolean;
}

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

function timeOfDay(text: string): string {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) throw new InvalidArgumentError('write a time of day such as 09:00');
  return text;
}

/** Adds the flags of a serving core to a command. */
export function withServeFlags(command: Command): Command {
  return command
    .option('--broker <url>', 'embedded, or the hospital\'s broker: mqtt://host:1883', 'embedded')
    .requiredOption('--data <dir>', 'directory of the store; made if missing')
    .option('--port <n>', 'port of the wall and the API on loopback', portNumber, DEFAULT_PORT)
    .option('--mqtt-port <n>', 'port of the embedded broker on loopback', portNumber, DEFAULT_MQTT_PORT)
    .option('--tenant <name>', 'organisation', 'local')
    .option('--site <name>', 'hospital or clinic', 'main')
    .option('--station <name>', 'name of this station; its session on the broker', 'hub')
    .option('--config <file>', 'site document: units, beds, rooms, zone')
    .option('--key-file <file>', 'secret of the site, 32 bytes or more, the same on all its stations')
    .option('--no-vault', 'keep no personal data here (walls, kiosks)')
    .option('--replay <recording>', 'replay a recorded day (a name such as real-day, or a directory) instead of waiting for live events')
    .option('--speed <factor>', 'speed of the replay', factor, 60)
    .option('--begin <hh:mm>', 'time of the recorded day, in the site\'s zone, at which the replay starts; what came before is there at once', timeOfDay)
    .option('--hold', 'stay at the end of the recording instead of starting over', false);
}
