import type { SiteId } from '../store/paths.ts';
import type { KeyFiles } from '../tls/key-files.ts';
import { withoutPassword } from './address.ts';
import { connectBroker } from './broker-client.ts';
import { startEmbeddedBroker } from './embedded-broker.ts';
import type { BrokerLink, LinkState, Sink } from './sink.ts';

/** Which broker, and as whom. */
export interface BrokerChoice {
  /** Address with its login, or `embedded`. */
  readonly url: string;
  readonly station: string;
  readonly tls: () => KeyFiles | undefined;
}

export interface SwitchParts {
  readonly id: SiteId;
  readonly mqttPort: number;
  readonly sink: Sink;
  readonly onState: (state: LinkState, why?: string) => void;
}

/**
 * The link of a core to its broker, which may become another one while the core runs. What the old one sent and was not
 * told "committed" of stays there, unacknowledged: publishers to the embedded broker send it again, another broker keeps it for
 * the station's session.
 */
export class BrokerSwitch implements BrokerLink {
  readonly #parts: SwitchParts;
  #link: BrokerLink | undefined;
  #address = '';
  #why: string | null = null;
  /** Changes come one after the other; a link that was left says nothing any more. */
  #turn: Promise<unknown> = Promise.resolve();
  #current = 0;

  constructor(parts: SwitchParts) {
    this.#parts = parts;
  }

  get state(): LinkState {
    return this.#link?.state ?? 'lost';
  }

  /** Why the link is not there, where it is not. */
  get why(): string | null {
    return this.state === 'connected' ? null : this.#why;
  }

  /** Where publishers find the broker; without password. */
  get address(): string {
    return this.#address;
  }

  publish(topic: string, payload: string, qos: 0 | 1): void {
    this.#link?.publish(topic, payload, qos);
  }

  /** Leaves the broker for another. Throws, saying what to do, where its address, a file or a port cannot be used; there is no link then. */
  use(choice: BrokerChoice): Promise<void> {
    return this.#next(() => this.#open(choice));
  }

  close(): Promise<void> {
    return this.#next(() => this.#leave());
  }

  async #open({ url, station, tls }: BrokerChoice): Promise<void> {
    await this.#leave();
    const { id, mqttPort, sink } = this.#parts;
    const mine = this.#current;
    const told = (state: LinkState, why?: string) => {
      if (mine !== this.#current) return;
      this.#why = why ?? null;
      this.#parts.onState(state, why);
    };
    this.#address = withoutPassword(url);
    try {
      if (url === 'embedded') {
        const broker = await startEmbeddedBroker({ port: mqttPort, sink });
        [this.#link, this.#address] = [broker, broker.url];
      } else this.#link = connectBroker({ url, id, station, sink, tls: tls(), onState: told });
    } catch (error) {
      told('lost', (error as Error).message);
      throw error;
    }
    told(this.#link.state);
  }

  async #leave(): Promise<void> {
    const left = this.#link;
    this.#link = undefined;
    this.#current++;
    await left?.close();
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
