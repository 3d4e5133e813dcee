import type { Trouble, TroubleName } from '#shared/sources.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { Clock } from '../clock/clock.ts';
import type { Feeds } from '../link/feeds.ts';
import type { LinkState } from '../mqtt/sink.ts';
import type { DroppedLetters } from '../store/dead-letters.ts';

/** Back-pressure that ended is told of for this long, so that a flood of bursts does not make the state flicker. */
const LINGER_MS = 2_000;
/** Letters go in parts: between two of them the state must not flicker either. */
const DROPPED_LINGER_MS = 10 * 60_000;

export interface StationParts {
  readonly clock: Clock;
  /** How far the machine's clock stands behind the site's, ms. */
  readonly behindMs: () => number;
  readonly feeds: Feeds;
  /** The site document in force. */
  readonly site: () => Pick<SiteConfig, 'sourceIntervalSeconds'>;
  readonly writer: { readonly full: boolean; readonly backlog: number };
  readonly broker: () => LinkState;
  /** Refused messages of which no more is kept, since the store was made. */
  readonly dropped: () => DroppedLetters;
  /** What certificates end soon or have ended, in words. */
  readonly certificates: () => readonly string[];
  /** Words for the status of beds and rooms that the site document does not explain. */
  readonly unexplained: () => readonly string[];
  /** Why the store takes nothing; undefined while it does. */
  readonly stalled: () => { state: TroubleName; message: string } | undefined;
}

/** Everything that is wrong with a running station, by name. */
export class StationHealth {
  readonly #parts: StationParts;
  #pressed = -Infinity;
  #known: DroppedLetters | undefined;
  #dropped = -Infinity;

  constructor(parts: StationParts) {
    this.#parts = parts;
  }

  /** Looked at now: the station's own troubles. */
  get station(): Trouble[] {
    const { behindMs, writer, broker, stalled } = this.#parts;
    const found: Trouble[] = [];
    const refusal = stalled();
    if (refusal) found.push({ state: refusal.state, detail: `${refusal.message}; what is not acknowledged waits` });
    const behind = behindMs();
    if (behind > 0) found.push({ state: 'clock-stepped-back', detail: `the machine's clock stands ${Math.round(behind / 1_000)} s behind the site's, which goes on at its pace` });
    if (writer.full) this.#pressed = performance.now();
    if (performance.now() - this.#pressed < LINGER_MS) found.push({ state: 'back-pressure', detail: `${writer.backlog} messages wait for the store; links are read no further meanwhile` });
    if (broker() === 'lost') found.push({ state: 'broker-lost', detail: 'no link to the broker; it keeps what is sent meanwhile' });
    const ending = this.#parts.certificates();
    if (ending.length > 0) found.push({ state: 'certificate-ends', detail: `${ending.join('; ')}: renew what ends, the files are looked at again by themselves` });
    const dropped = this.#parts.dropped();
    if (this.#known && dropped.letters + dropped.bodies > this.#known.letters + this.#known.bodies) this.#dropped = performance.now();
    this.#known = dropped;
    if (performance.now() - this.#dropped < DROPPED_LINGER_MS) {
      found.push({ state: 'dead-letters-dropped', detail: `more is refused than is kept: of ${dropped.letters} refused messages the reason went before its time, of ${dropped.bodies} more the body` });
    }
    const words = this.#parts.unexplained();
    if (words.length > 0) found.push({ state: 'unknown-status', detail: `nobody has said what these words for a status mean: ${words.join('; ')}. Name them in the settings (statuses)` });
    return found;
  }

  /** The troubles of the sources. */
  get sources(): Trouble[] {
    const { clock, feeds, site } = this.#parts;
    return feeds.troubles(site(), clock.now(), clock.speed);
  }
}
