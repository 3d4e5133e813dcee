import { OPS_NAMES } from '#shared/events/ops.ts';
import type { OpsBus, OpsName } from './bus.ts';
import type { OpsEnvelope } from './envelope.ts';

/** The other end of a stream of ops events. */
export interface OpsReader {
  /** `id` names the event; none does that some were missed. */
  say(type: OpsName | 'missed', text: string, id?: string): void;
  /** Whether it takes more now. Where it does not, events are missed, and counted. */
  room(): boolean;
}

/** One reader's end of the stream. */
export interface OpsStream {
  /** The reader that had no room has some again. */
  drained(): void;
  close(): void;
}

class Following implements OpsStream {
  readonly types: ReadonlySet<OpsName>;
  readonly #reader: OpsReader;
  readonly #left: (one: Following) => void;
  #missed = 0;

  constructor(types: ReadonlySet<OpsName>, reader: OpsReader, left: (one: Following) => void) {
    this.types = types;
    this.#reader = reader;
    this.#left = left;
  }

  hear(type: OpsName, text: string, id: string): void {
    this.drained();
    if (this.#reader.room()) this.#reader.say(type, text, id);
    else this.#missed++;
  }

  drained(): void {
    if (this.#missed === 0 || !this.#reader.room()) return;
    const missed = this.#missed;
    this.#missed = 0;
    this.#reader.say('missed', JSON.stringify({ missed }));
  }

  close(): void {
    this.#left(this);
  }
}

/** Tells readers what Vigil announces as it happens: each event is written once for all of them, and waits for nobody. */
export class OpsLive {
  readonly #following = new Set<Following>();

  constructor(bus: OpsBus, envelope: OpsEnvelope) {
    for (const type of OPS_NAMES) {
      bus.on(type, (data, id) => {
        let text: string | undefined;
        for (const one of this.#following) if (one.types.has(type)) one.hear(type, (text ??= envelope(type, data, id)), id);
      });
    }
  }

  /** Tells a reader of events of these types from now on. */
  follow(types: readonly OpsName[], reader: OpsReader): OpsStream {
    const one = new Following(new Set(types), reader, (gone) => this.#following.delete(gone));
    this.#following.add(one);
    return one;
  }
}
