import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { API_BASE } from '#shared/api/operation.ts';
import { readLocalToken } from '#core/access/local-token.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { CoreProcess } from './core-process.ts';
import { Mosquitto } from './mosquitto.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

/** `unsaid`: no flag names one; the station document does, or Vigil's own it is. */
export type BrokerKind = 'mosquitto' | 'embedded' | 'unsaid';

export interface StationOptions {
  /** More flags of `vigil serve`. */
  readonly flags?: readonly string[];
  /** Where the store lies; within `dir` unless told. */
  readonly data?: string;
  /** Of the core's process, beside ours. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

/** Headers of a write that replaces whatever is there. */
export const WHATEVER = { 'if-match': '*' };

/** A core that serves as a process of its own, by Mosquitto or with the embedded broker, and what a test asks of it. */
export class Station {
  readonly data: string;
  readonly #core: CoreProcess;
  readonly #mosquitto: Mosquitto | undefined;
  readonly #ends: (() => unknown)[] = [];
  #wall = '';
  #broker: string;

  private constructor(core: CoreProcess, mosquitto: Mosquitto | undefined, data: string, broker: string) {
    this.#core = core;
    this.#mosquitto = mosquitto;
    this.data = data;
    this.#broker = broker;
  }

  /** Starts one with its files in `dir`; resolves once it is on its broker. */
  static async start(kind: BrokerKind, dir: string, { flags = [], data = join(dir, 'data'), env, onLine }: StationOptions = {}): Promise<Station> {
    const port = await freePort();
    const mosquitto = kind === 'mosquitto' ? new Mosquitto(dir, port) : undefined;
    await mosquitto?.start();
    const core = new CoreProcess([...(kind === 'unsaid' ? [] : ['--broker', mosquitto?.url ?? 'embedded']), '--data', data, '--port', '0', '--mqtt-port', String(port), ...flags], onLine, env);
    const station = new Station(core, mosquitto, data, mosquitto?.url ?? '');
    try {
      await station.startCore();
    } catch (error) {
      await station.stop();
      throw error;
    }
    return station;
  }

  get wall(): string {
    return this.#wall;
  }

  /** Address of the broker for publishers. */
  get broker(): string {
    return this.#broker;
  }

  get pid(): number {
    return this.#core.pid!;
  }

  async startCore(): Promise<void> {
    const { wall, mqtt: address } = await this.#core.start();
    this.#wall = wall;
    this.#broker = address;
    await until('the core to be on the broker', async () => (await this.health())['broker'] === 'connected');
  }

  /** kill -9. */
  async killCore(): Promise<void> {
    await this.#core.kill();
  }

  async stopCore(): Promise<void> {
    await this.#core.stop();
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
    await this.#core.stop();
    await this.#mosquitto?.stop();
  }

  /** Answer of the health page; throws if there is none. */
  async health(): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#wall}/api/v1/ops/health`);
    if (response.status !== 200) throw new Error(`health answered ${response.status}`);
    return (await response.json()) as Record<string, unknown>;
  }

  /** Asks the API as an administrator of this machine would, or with `token`; null asks without any. */
  async ask(method: string, path: string, { body, token = readLocalToken(storeFiles(this.data, DEFAULT_SITE).token) ?? null, headers = {} }: { body?: unknown; token?: string | null; headers?: Record<string, string> } = {}): Promise<Response> {
    return fetch(`${this.#wall}${API_BASE}${path}`, {
      method,
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** A client on the station's broker; ends with the station. */
  async client(protocolVersion: 4 | 5 = 4): Promise<MqttClient> {
    const client = await mqtt.connectAsync(this.#broker, { protocolVersion, reconnectPeriod: 0 });
    this.#ends.push(() => client.endAsync(true));
    return client;
  }

  /** Rows of the store as it stands on disk. */
  read<T>(sql: string): T[] {
    const db = openForReading(storeFiles(this.data, DEFAULT_SITE).log);
    try {
      return db.prepare<[], T>(sql).all();
    } finally {
      db.close();
    }
  }
}
