import { isDeepStrictEqual } from 'node:util';
import type { EntityKind } from '#shared/events/define.ts';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { termsOf, type SourceChange, type SourceRecord, type SourceRegistration, type SourceTerms } from '#shared/sources.ts';
import type { Decoder } from '../ingest/decode.ts';
import { rawMessage, type RawMessage } from '../ingest/message.ts';
import { Acceptor } from './acceptor.ts';
import { newestBaseline } from './baselines.ts';
import { Batches } from './batches.ts';
import { ChangedMeanwhile } from './changed-meanwhile.ts';
import { DeadLetters, type DeadLetter } from './dead-letters.ts';
import { defect } from './defect.ts';
import { Entities } from './entities.ts';
import { EventLog } from './event-log.ts';
import { freeBytes } from './free-bytes.ts';
import { AHEAD_LIMIT_MS, beforeBaseline, identityOf, KeptAside } from './kept-aside.ts';
import type { Db } from './open.ts';
import type { Outcome } from './outcome.ts';
import { Quarantine } from './quarantine.ts';
import { Sources, type UnknownSources } from './sources.ts';
import { VaultWrites } from './vault-writes.ts';
import type { Vault } from './vault.ts';

/** Events of a decided source that one step takes out of quarantine: other sources wait this long. */
const DRAIN_STEP = 500;

/** What somebody decides about a source: to register it (again), or to accept or refuse what was heard. */
export type Decision = 'accept' | 'refuse' | ({ readonly by: 'site' | 'person' } & SourceChange);

export interface IngestOptions {
  /** What becomes of a source that nobody registered. */
  readonly unknown: UnknownSources;
  /** Tell of every message: of accepted events in {@link Outcome.ingested}, of others in {@link Outcome.refusals}. */
  readonly eachEvent: boolean;
}

/**
 * The one way into a store, for live feeds and files alike: one batch, one transaction, everything or nothing.
 * After a throw (disk full, I/O error) nothing of the batch is stored and it may be applied again.
 */
export class Ingest {
  readonly #db: Db;
  readonly #decoder: Decoder;
  readonly #entities: Entities;
  readonly #sources: Sources;
  readonly #deadLetters: DeadLetters;
  readonly #quarantine: Quarantine;
  readonly #aside: KeptAside;
  readonly #acceptor: Acceptor;
  readonly #batches: Batches;
  #horizon: number;

  constructor(db: Db, decoder: Decoder, vault: Vault | undefined, { unknown, eachEvent }: IngestOptions = { unknown: 'accept', eachEvent: false }) {
    this.#db = db;
    this.#decoder = decoder;
    const log = new EventLog(db);
    this.#entities = new Entities(db, log);
    this.#sources = new Sources(db, unknown);
    this.#deadLetters = new DeadLetters(db, vault);
    this.#quarantine = new Quarantine(db, vault);
    const shared = { sources: this.#sources, deadLetters: this.#deadLetters, vaultWrites: new VaultWrites(vault, this.#deadLetters), entities: this.#entities };
    this.#aside = new KeptAside({ ...shared, quarantine: this.#quarantine, free: () => freeBytes(db.name), eachEvent });
    this.#acceptor = new Acceptor({ ...shared, log, aside: this.#aside, eachEvent });
    this.#batches = new Batches(db, shared);
    this.#horizon = newestBaseline(db)?.horizon ?? -Infinity;
  }

  /** The site document changed. */
  configure({ unknown, eachEvent }: IngestOptions): void {
    this.#sources.unknown = unknown;
    this.#acceptor.eachEvent = eachEvent;
    this.#aside.eachEvent = eachEvent;
  }

  /** A baseline was begun: what is not after it is refused from now on. */
  readHorizon(): void {
    this.#horizon = newestBaseline(this.#db)?.horizon ?? -Infinity;
  }

  /** Retention forgot an entity: what is in memory of it must go. */
  letGo(kind: EntityKind, id: string): void {
    this.#entities.letGo(kind, id);
  }

  get deadLetters(): DeadLetters {
    return this.#deadLetters;
  }

  /** Sources whose figures changed since the last call. */
  takeChangedSources(): SourceRecord[] {
    return this.#sources.takeChanged();
  }

  /** The site's clock was given back by `ms`. */
  clockBack(ms: number): void {
    this.#batches.run(0, () => this.#sources.shift(ms));
  }

  /**
   * Applies messages in order and commits. `now` is the site's clock; `live` holds events that are ahead of it and
   * lets unknown sources wait (a file or rebuild judges neither again).
   */
  apply(messages: readonly RawMessage[], now: number, live: boolean): Outcome {
    return this.#batches.run(now, (outcome) => {
      for (const message of messages) this.#one(message, now, live, outcome);
    });
  }

  /** Keeps a message aside that Vigil itself failed on, so that the rest of its batch can go on. */
  setAside(message: RawMessage, now: number, cause: unknown): Outcome {
    return this.#batches.run(now, (outcome) => this.#aside.refuse(message, { reason: 'fold-failed', detail: defect(cause) }, outcome));
  }

  /**
   * Registers a source, or accepts or refuses one; undefined when there is none of this URI to decide about. Throws
   * {@link ChangedMeanwhile} where `from` (null: not there) is said and the source does not stand so.
   */
  decide(uri: string, decision: Decision, now = 0, from?: SourceTerms | null): Outcome | undefined {
    const source = this.#sources.get(uri);
    if (from !== undefined && !isDeepStrictEqual(from, source ? termsOf(source) : null)) throw new ChangedMeanwhile(`What is said of the source ${uri} has changed meanwhile. Read it again.`);
    let known = true;
    const outcome = this.#batches.run(now, () => {
      const state: Record<string, SourceRegistration> = { accept: 'registered', refuse: 'refused' };
      if (typeof decision === 'string') known = this.#sources.decide(uri, state[decision]!);
      else this.#sources.register(uri, decision, decision.by);
    });
    return known ? outcome : undefined;
  }

  /**
   * Takes a step of what waited in quarantine of a source about which somebody has decided: folds it in order of
   * arrival, or sets it aside. Undefined when nothing is left to do.
   */
  drain(now: number): Outcome | undefined {
    const source = this.#sources.queued();
    if (!source) return undefined;
    const { uri, sourceId } = source;
    const refused = source.state === 'refused';
    return this.#batches.each(
      this.#quarantine.next(sourceId, DRAIN_STEP),
      now,
      (waiting, outcome) => {
        const event = JSON.parse(waiting.event) as DomainEvent;
        const message = this.#aside.leaveQuarantine(uri, waiting);
        const accepted = this.#decoder.again(event, this.#quarantine.facts(waiting));
        if (refused || !accepted) return this.#aside.keepEvent(message, { reason: 'source-refused', detail: 'its source was refused while it waited', source: event.source }, event, waiting.identity, outcome);
        if (event.time <= this.#horizon) return this.#aside.keepEvent(message, beforeBaseline(event, this.#horizon), event, waiting.identity, outcome);
        if (event.time > now + AHEAD_LIMIT_MS) return this.#aside.hold(this.#sources.get(uri)!, message, accepted, outcome);
        this.#acceptor.accept(accepted, message, outcome);
      },
      (waiting, detail, outcome) => {
        const event = JSON.parse(waiting.event) as DomainEvent;
        this.#aside.keepEvent(this.#aside.leaveQuarantine(uri, waiting), { reason: 'fold-failed', detail, source: event.source }, event, waiting.identity, outcome);
      },
    );
  }

  /**
   * Applies messages that were kept aside again; those that pass are marked as replayed. What is refused again, whose
   * body has expired, or whose source nobody has accepted, stays as it is.
   */
  replay(letters: readonly DeadLetter[], now: number): Outcome {
    return this.#batches.each(
      letters,
      now,
      (letter, outcome) => {
        const event = this.#deadLetters.held(letter);
        const body = event ? undefined : this.#deadLetters.message(letter);
        const decoded = body && this.#decoder.decode(body);
        const accepted = event ? this.#decoder.again(event) : decoded?.ok ? decoded.accepted : undefined;
        if (!accepted || accepted.event.time <= this.#horizon || accepted.event.time > now + AHEAD_LIMIT_MS) return;
        if (!this.#mayCount(accepted.event.source, letter)) return;
        const again = body ?? rawMessage({ payload: Buffer.from(JSON.stringify(event)), received: letter.received });
        if (!this.#acceptor.accept(accepted, again, outcome)) return;
        this.#aside.settle(letter, now);
      },
      () => {},
    );
  }

  /** Whether a letter's source may speak. One that was refused before its source was looked at makes it known, as the first word of it would. */
  #mayCount(uri: string, { topic }: DeadLetter): boolean {
    const live = topic !== null;
    const source = this.#sources.get(uri) ?? this.#sources.heardOf(uri, live);
    return source !== undefined && source.state !== 'refused' && !(live && source.state === 'quarantined');
  }

  /**
   * Takes events that were read out of a damaged log, or come from that of a hub: what does not have the hash that stood beside it is left, what is
   * there already is a duplicate. `now`: epoch ms, from which what has to be set aside is kept.
   */
  adopt(found: readonly { event: DomainEvent; hash: Buffer; received: number }[], now: number): Outcome {
    return this.#batches.run(now, (outcome) => {
      for (const { event, hash, received } of found) {
        const accepted = this.#decoder.again(event);
        if (!accepted?.hash.equals(hash) || event.time <= this.#horizon) continue;
        this.#acceptor.accept(accepted, rawMessage({ payload: Buffer.from(JSON.stringify(event)), received }), outcome);
      }
    });
  }

  /** Whether an event that was read out of a damaged log is the one that stood under this identity. */
  isTrue(event: DomainEvent, identity: Buffer | null): boolean {
    try {
      const accepted = this.#decoder.again(event);
      return accepted !== undefined && (identity === null || identityOf(event, accepted.hash).equals(identity));
    } catch {
      // Not even of the shape that its type has.
      return false;
    }
  }

  /** Folds what was held until the clock caught up with it; undefined when nothing is due. */
  release(now: number): Outcome | undefined {
    const due = this.#deadLetters.due(now);
    if (due.length === 0) return undefined;
    return this.#batches.each(
      due,
      now,
      (letter, outcome) => {
        const event = this.#deadLetters.held(letter);
        const accepted = event && this.#decoder.again(event);
        if (!accepted || event.time <= this.#horizon) {
          this.#aside.unhold(letter);
          return this.#deadLetters.rest(letter.dead_letter_id);
        }
        if (this.#sources.get(event.source)?.state === 'refused') {
          this.#aside.unhold(letter);
          return this.#deadLetters.rename(letter.dead_letter_id, { reason: 'source-refused', detail: 'its source was refused while it was held' });
        }
        this.#acceptor.accept(accepted, rawMessage({ payload: Buffer.from(JSON.stringify(event)), received: letter.received }), outcome);
        this.#aside.settle(letter, now);
      },
      (letter, detail) => {
        this.#aside.unhold(letter);
        this.#deadLetters.rename(letter.dead_letter_id, { reason: 'fold-failed', detail });
      },
    );
  }

  #one(message: RawMessage, now: number, live: boolean, outcome: Outcome): void {
    const decoded = this.#decoder.decode(message);
    if (!decoded.ok) return this.#aside.refuse(message, decoded.rejection, outcome);
    const { accepted } = decoded;
    const { event } = accepted;
    const source = this.#sources.heardOf(event.source, live);
    if (!source) return this.#aside.refuse(message, { reason: 'too-many-sources', detail: `"${event.source}" is one unknown source too many; register it`, source: event.source }, outcome);
    if (live) {
      outcome.heard[event.source] = (outcome.heard[event.source] ?? 0) + 1;
      if (source.state === 'refused') return this.#aside.ofRefused(source, message, accepted, outcome);
      if (source.state === 'quarantined') return this.#aside.wait(source, message, accepted, outcome);
      if (event.time > now + AHEAD_LIMIT_MS) return this.#aside.hold(source, message, accepted, outcome);
    }
    if (event.time <= this.#horizon) return this.#aside.refuse(message, beforeBaseline(event, this.#horizon), outcome);
    // A file tells that its source could be heard then, not that it can be heard now.
    const contact = live ? message.received : Math.min(message.received, event.time);
    this.#sources.contact(source, contact, live);
    outcome.contacts[event.source] = Math.max(outcome.contacts[event.source] ?? -Infinity, contact);
    this.#acceptor.accept(accepted, message, outcome, live ? message.received : undefined);
  }
}
