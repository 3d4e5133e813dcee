import type { Socket } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { eventsFilter } from '../ingest/topic.ts';
import type { SiteId } from '../store/paths.ts';
import { readKeys, type KeyFiles } from '../tls/key-files.ts';
import { brokerAddress } from './address.ts';
import { deferAcks } from './deferred-ack.ts';
import type { BrokerLink, LinkState, Sink } from './sink.ts';

const SESSION_EXPIRY_S = 7 * 86_400;
const RECONNECT_MS = 1_000;
/** QoS 1 messages that a broker may have open here; one group commit acknowledges as many. */
const RECEIVE_MAXIMUM = 4_000;
/** CONNACK codes by which a broker refuses MQTT 5: 3.1.1's 1, and 5's own 0x84. */
const UNSUPPORTED_PROTOCOL = new Set([1, 0x84]);

export interface BrokerClientOptions {
  readonly url: string;
  readonly id: SiteId;
  /** Names the persistent session: the broker keeps messages for it while the station is away. */
  readonly station: string;
  readonly sink: Sink;
  /** Certificates for a broker by TLS; read again for each connection, so that a renewal needs no restart. */
  readonly tls?: KeyFiles | undefined;
  /** `why`: what the broker or the network said, where the link is lost. */
  readonly onState: (state: LinkState, why?: string) => void;
}

/**
 * Subscribes to a site's events on a real broker: QoS 1, persistent session, MQTT 5 and, where refused, 3.1.1.
 * Nothing is acknowledged before the sink has committed it.
 * @throws Error that names flag and file of a certificate that cannot be used
 */
export function connectBroker(options: BrokerClientOptions): BrokerLink {
  return new BrokerClient(options);
}

class BrokerClient implements BrokerLink {
  readonly #options: BrokerClientOptions;
  #client: MqttClient;
  #state: LinkState = 'connecting';

  constructor(options: BrokerClientOptions) {
    this.#options = options;
    this.#client = this.#connect(5);
  }

  get state(): LinkState {
    return this.#state;
  }

  publish(topic: string, payload: string, qos: 0 | 1): void {
    if (qos === 1 || this.#client.connected) this.#client.publish(topic, payload, { qos }, () => {});
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #set(state: LinkState, why?: string): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state, why);
  }

  #connect(protocolVersion: 4 | 5): MqttClient {
    const { url, id, station, sink, tls } = this.#options;
    const settings: IClientOptions = {
      ...brokerAddress(url),
      ...(tls ? readKeys(tls) : {}),
      protocolVersion,
      clientId: `vigil-${id.tenant}-${id.site}-${station}`,
      clean: false,
      reconnectPeriod: RECONNECT_MS,
      resubscribe: false,
      ...(protocolVersion === 5 ? { properties: { sessionExpiryInterval: SESSION_EXPIRY_S, receiveMaximum: RECEIVE_MAXIMUM } } : {}),
    };
    const client = mqtt.connect(settings);
    const acknowledge = deferAcks(client);
    // QoS 0 has no acknowledgement that could hold the broker back: while the writer is behind, the socket is not read.
    client.handleMessage = (_packet, next) => sink.whenRoom(next);
    client.on('connect', () => {
      // Nagle's algorithm held PUBACKs back: p99 43 ms with it, 2 ms without, at 2,000 messages a second.
      (client.stream as Partial<Socket>).setNoDelay?.(true);
      client.subscribe(eventsFilter(id), { qos: 1 }, (error) => (error ? this.#set('lost', `the subscription was refused: ${error.message}`) : this.#set('connected')));
    });
    let problem: string | undefined;
    client.on('reconnect', () => {
      try {
        if (tls) Object.assign(client.options, readKeys(tls));
      } catch (error) {
        // Those read before go on: a renewal may be half done.
        problem = (error as Error).message;
      }
    });
    client.on('close', () => {
      this.#set('lost', problem);
      problem = undefined;
    });
    client.on('error', (error) => {
      problem = error.message || (error as { code?: string }).code;
      if (protocolVersion === 5 && UNSUPPORTED_PROTOCOL.has((error as { code?: number }).code ?? -1)) {
        client.end(true);
        this.#client = this.#connect(4);
      }
    });
    client.on('message', (topic, payload, packet) => {
      const attributes = binaryMode(packet.properties?.userProperties);
      sink.submit({ topic, payload, ...(attributes ? { attributes } : {}) }, acknowledge(packet.messageId));
    });
    return client;
  }
}

/** CloudEvents attributes sent as user properties (CloudEvents MQTT binding, binary mode); undefined in structured mode. */
function binaryMode(properties: Record<string, string | string[]> | undefined): Record<string, string> | undefined {
  if (!properties || !('specversion' in properties)) return undefined;
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, Array.isArray(value) ? value[0]! : value]));
}
