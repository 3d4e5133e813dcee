import { createHash } from 'node:crypto';
import type { DomainEvent } from '#shared/events/envelope.ts';
import type { Accepted } from '../ingest/decode.ts';
import { rawMessage, type RawMessage } from '../ingest/message.ts';
import type { Rejection } from '../ingest/rejection.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import { NoRoomAside } from './disk-trouble.ts';
import type { Outcome } from './outcome.ts';
import type { Quarantine, Waiting } from './quarantine.ts';
import type { Source, Sources } from './sources.ts';
import type { VaultWrites } from './vault-writes.ts';

/** How far ahead of the clock a live event may be before it is held: clocks of hospital systems differ by minutes. */
export const AHEAD_LIMIT_MS = 10 * 60_000;

/** What waits in quarantine at most until somebody has looked: of one source, and of all, since a name costs a publisher nothing. */
export const QUARANTINE_LIMIT = { events: 10_000, bytes: 16 * 1024 ** 2 } as const;
export const ALL_QUARANTINED_LIMIT = { events: 100_000, bytes: 256 * 1024 ** 2 } as const;
/** Letters kept of a source that may not speak; further ones are counted. */
export const REFUSED_LIMIT = 1_000;

export interface Shelves {
  readonly sources: Sources;
  readonly deadLetters: DeadLetters;
  readonly quarantine: Quarantine;
  readonly vaultWrites: VaultWrites;
  /** Bytes that are left on the store's disk. */
  readonly free: () => number;
  /** Tell of every refused message in {@link Outcome.refusals}. */
  readonly eachEvent: boolean;
}

/** Names one body of one event, for telling a second delivery of what is kept aside. */
export const identityOf = ({ source, id }: Pick<DomainEvent, 'source' | 'id'>, hash: Buffer): Buffer => createHash('sha256').update(`${source}\0${id}\0`).update(hash).digest();

/** Why an event at or before the horizon (epoch ms) of a baseline is refused. */
export const beforeBaseline = ({ source, time }: DomainEvent, horizon: number): Rejection => ({
  reason: 'before-baseline',
  detail: `event time ${new Date(time).toISOString()} is not after the baseline of ${new Date(horizon).toISOString()}`,
  source,
});

/**
 * Messages that do not fold now: refused, waiting in quarantine, or held until the clock has caught up. Together the latter
 * two take no more of the disk than is left free. Strangers' are counted beyond, those of a source that may speak not acknowledged.
 */
export class KeptAside {
  readonly #sources: Sources;
  readonly #deadLetters: DeadLetters;
  readonly #quarantine: Quarantine;
  readonly #vaultWrites: VaultWrites;
  readonly #free: () => number;
  /** Tell of every refused message. */
  eachEvent: boolean;

  constructor({ sources, deadLetters, quarantine, vaultWrites, free, eachEvent }: Shelves) {
    this.#sources = sources;
    this.#deadLetters = deadLetters;
    this.#quarantine = quarantine;
    this.#vaultWrites = vaultWrites;
    this.#free = free;
    this.eachEvent = eachEvent;
  }

  /** Keeps a message that counts for nothing, with its reason. */
  refuse(message: RawMessage, rejection: Rejection, outcome: Outcome, identity?: Buffer): void {
    this.#refused(rejection, outcome);
    const source = rejection.source === undefined ? undefined : this.#sources.get(rejection.source);
    if (source) this.#sources.count(source, 'refused');
    const { deadLetterId, body } = this.#deadLetters.keep(message, rejection, identity);
    this.#vaultWrites.keepBody(deadLetterId, body);
  }

  /** Like {@link refuse}, of a body that came under the identity of another: once, however often it comes. */
  refuseBody(message: RawMessage, rejection: Rejection, identity: Buffer, outcome: Outcome): boolean {
    if (this.#deadLetters.has(identity)) return false;
    this.refuse(message, rejection, outcome, identity);
    return true;
  }

  /** Keeps an event aside that was understood. */
  keepEvent(message: RawMessage, rejection: Rejection, event: DomainEvent, identity: Buffer, outcome: Outcome): void {
    this.#refused(rejection, outcome);
    const source = this.#sources.get(event.source);
    if (source) this.#sources.count(source, 'refused');
    if (!this.#deadLetters.has(identity)) this.#deadLetters.hold(message, rejection, event, identity);
  }

  /** Keeps an event of a source that somebody refused. */
  ofRefused(source: Source, message: RawMessage, { event, hash }: Accepted, outcome: Outcome): void {
    const identity = identityOf(event, hash);
    if (this.#deadLetters.has(identity)) return this.again(source, outcome);
    if (source.refused >= REFUSED_LIMIT) return this.#overflow(source, message, outcome);
    this.keepEvent(message, { reason: 'source-refused', detail: 'its source was refused', source: event.source }, event, identity, outcome);
  }

  /** Keeps an event of a source that nobody has accepted yet; it is on disk before it is acknowledged, as any other. */
  wait(source: Source, message: RawMessage, { event, hash, person }: Accepted, outcome: Outcome): void {
    const identity = identityOf(event, hash);
    this.#sources.contact(source, message.received, true);
    if (this.#quarantine.has(identity)) return this.again(source, outcome);
    const { waiting, waitingBytes } = this.#sources.queues;
    const isFull = source.waiting >= QUARANTINE_LIMIT.events || source.waitingBytes >= QUARANTINE_LIMIT.bytes || waiting >= ALL_QUARANTINED_LIMIT.events || waitingBytes >= ALL_QUARANTINED_LIMIT.bytes;
    if (isFull || !this.#hasRoom()) return this.#overflow(source, message, outcome);
    this.#sources.queue(source, 'waiting', 1, this.#quarantine.keep(source.sourceId, identity, message.topic, event, message.received));
    if (person) this.#vaultWrites.wait(identity, person.facts);
    outcome.waiting++;
  }

  /** Takes an event out of quarantine. Its source goes by name: what a rollback forgot must not be counted on. */
  leaveQuarantine(uri: string, { quarantined_id: id, identity, event, topic, received }: Waiting): RawMessage {
    this.#quarantine.remove(id);
    this.#vaultWrites.settle(identity);
    this.#sources.queue(this.#sources.get(uri)!, 'waiting', -1, event.length);
    return rawMessage({ ...(topic === null ? {} : { topic }), payload: Buffer.from(event), received });
  }

  #hasRoom(): boolean {
    const { waitingBytes, heldBytes } = this.#sources.queues;
    return waitingBytes + heldBytes < this.#free();
  }

  /** Keeps an event that is ahead of the clock until the clock has caught up with it. @throws NoRoomAside where there is no room for more */
  hold(source: Source, message: RawMessage, accepted: Accepted, outcome: Outcome): void {
    const { event, hash } = accepted;
    const identity = identityOf(event, hash);
    const kept = this.#deadLetters.kept(identity);
    // One that was kept for another reason, such as a source that may speak again by now, is not waiting for its time yet.
    if (kept && (kept.due !== null || !this.#deadLetters.held(kept))) return this.again(source, outcome);
    if (!kept && !this.#hasRoom()) throw new NoRoomAside(`events ahead of the clock, one of ${event.source} among them, take as much of the disk as it has left: set the clocks of their sources right, refuse one of those, or make room`);
    const detail = `event time ${new Date(event.time).toISOString()} is ahead of the site's clock; held until the clock has caught up`;
    const rejection: Rejection = { reason: 'ahead-of-clock', detail, source: event.source, due: event.time - AHEAD_LIMIT_MS };
    this.#refused(rejection, outcome);
    if (kept) this.#deadLetters.rename(kept.dead_letter_id, rejection);
    this.#sources.queue(source, 'held', 1, kept ? JSON.stringify(event).length : this.#deadLetters.hold(message, rejection, event, identity));
    this.#vaultWrites.learn(accepted);
  }

  /** A held event is held no longer. */
  unhold(letter: DeadLetter): void {
    const source = letter.due !== null && letter.source !== null ? this.#sources.get(letter.source) : undefined;
    if (source) this.#sources.queue(source, 'held', -1, JSON.stringify(this.#deadLetters.held(letter) ?? '').length);
  }

  /** What a letter held was accepted. */
  settle(letter: DeadLetter, now: number): void {
    this.unhold(letter);
    this.#deadLetters.markReplayed(letter, now);
  }

  /** A message came that is known. */
  again(source: Source, outcome: Outcome): void {
    outcome.duplicates++;
    this.#sources.count(source, 'duplicates');
  }

  #refused(rejection: Rejection, outcome: Outcome): void {
    outcome.refused++;
    if (this.eachEvent) outcome.refusals.push(rejection);
  }

  /** A queue is full: the event is counted and not kept; one letter tells so. */
  #overflow(source: Source, message: RawMessage, outcome: Outcome): void {
    this.#sources.count(source, 'overflowed');
    const told = createHash('sha256').update(`queue-full\0${source.uri}`).digest();
    const detail = `${source.waiting} events in quarantine and ${source.refused} refused are kept of this source, ${this.#sources.queues.waiting} in quarantine of all; further ones are counted, not kept`;
    const rejection: Rejection = { reason: 'queue-full', detail, source: source.uri };
    this.#refused(rejection, outcome);
    if (!this.#deadLetters.has(told)) this.#deadLetters.keep({ ...message, payload: Buffer.alloc(0) }, rejection, told);
  }
}
