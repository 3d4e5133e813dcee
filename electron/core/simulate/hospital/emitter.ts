import type { Simulation } from '../engine/simulation.ts';
import { iso } from './time.ts';

/** Systems of the hospital that publish. */
export const FEEDS = ['ehr', 'bed', 'ed', 'or', 'icu', 'lis', 'ris', 'pharmacy', 'rcm', 'staff'] as const;
export type Feed = (typeof FEEDS)[number];

/** One event as its source sends it. */
export interface Envelope {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  time: string;
  sequence: number;
  constructed: 'data';
  data: Record<string, unknown>;
}

export interface Sent {
  /** Epoch ms at which it leaves the source: later than its time after an outage. */
  readonly at: number;
  readonly envelope: Envelope;
}

interface Line {
  readonly source: string;
  sequence: number;
  /** What waits for the end of an outage. */
  held: Envelope[] | undefined;
}

/** The sources of the hospital: ids and sequences follow from the seed and the course alone. */
export class Emitter {
  readonly #simulation: Simulation;
  readonly #prefix: string;
  readonly #sink: (sent: Sent) => void;
  readonly #lines: ReadonlyMap<Feed, Line>;

  constructor(simulation: Simulation, { tenant, site, seed }: { tenant: string; site: string; seed: string }, sink: (sent: Sent) => void) {
    this.#simulation = simulation;
    this.#prefix = seed;
    this.#sink = sink;
    this.#lines = new Map(FEEDS.map((feed) => [feed, { source: `//${tenant}/${site}/${feed}/demo-1`, sequence: 0, held: undefined }]));
  }

  /** Sends an event that happens now, or happened at `time` (epoch ms). */
  emit(feed: Feed, type: string, data: Record<string, unknown>, time = this.#simulation.now): void {
    const line = this.#lines.get(feed)!;
    const sequence = ++line.sequence;
    const envelope: Envelope = { specversion: '1.0', id: `${this.#prefix}-${sequence.toString(36)}`, source: line.source, type, time: iso(time), sequence, constructed: 'data', data };
    if (!line.held) this.#sink({ at: this.#simulation.now, envelope });
    // A source that is cut off does not send its heartbeats later.
    else if (type !== 'source.heartbeat') line.held.push(envelope);
  }

  /** Cuts a feed off: what it has to say waits. */
  cut(feed: Feed): void {
    this.#lines.get(feed)!.held ??= [];
  }

  /** Ends the outage of a feed and sends what waited. */
  restore(feed: Feed): void {
    const line = this.#lines.get(feed)!;
    for (const envelope of line.held ?? []) this.#sink({ at: this.#simulation.now, envelope });
    line.held = undefined;
  }
}
