import type { Accepted } from '../ingest/decode.ts';
import type { RawMessage } from '../ingest/message.ts';
import type { Rejection } from '../ingest/rejection.ts';
import type { Entities } from './entities.ts';
import type { EventLog, Known } from './event-log.ts';
import { identityOf, type KeptAside } from './kept-aside.ts';
import type { Ingested, Outcome } from './outcome.ts';
import type { Source, Sources } from './sources.ts';
import type { VaultWrites } from './vault-writes.ts';

export interface AcceptorParts {
  readonly log: EventLog;
  readonly entities: Entities;
  readonly sources: Sources;
  readonly aside: KeptAside;
  readonly vaultWrites: VaultWrites;
  /** Tell of every accepted event in {@link Outcome.ingested}. */
  readonly eachEvent: boolean;
}

/** Takes understood events into the log and folds them, each identity once. */
export class Acceptor {
  readonly #log: EventLog;
  readonly #entities: Entities;
  readonly #sources: Sources;
  readonly #aside: KeptAside;
  readonly #vaultWrites: VaultWrites;
  /** Tell of every accepted event. */
  eachEvent: boolean;

  constructor({ log, entities, sources, aside, vaultWrites, eachEvent }: AcceptorParts) {
    this.#log = log;
    this.#entities = entities;
    this.#sources = sources;
    this.#aside = aside;
    this.#vaultWrites = vaultWrites;
    this.eachEvent = eachEvent;
  }

  /** Appends and folds; `heard`: receive time of an event that comes live. False when another body under its identity stands. */
  accept(accepted: Accepted, message: RawMessage, outcome: Outcome, heard?: number): boolean {
    const { event, kind, entity, hash } = accepted;
    const source = this.#sources.heardOf(event.source, false)!;
    const entityId = this.#entities.entityId(kind, entity, event.time);
    const appended = this.#log.append(source.sourceId, event, entityId, hash, message.received);
    const known = appended === undefined ? this.#log.known(source.sourceId, event.id)! : undefined;
    if (known?.hash.equals(hash)) {
      this.#aside.again(source, outcome);
      return true;
    }
    const position = appended ?? this.#takeOver(source, known!, accepted, entityId, message, outcome);
    if (position === undefined) return false;
    const told: Ingested | undefined = this.eachEvent ? { source: event.source, id: event.id, type: event.type, position, received: message.received, entityKind: kind, changed: false } : undefined;
    if (told) outcome.ingested.push(told);
    if (known) {
      this.#entities.refold(entityId, told);
      if (known.entity !== entityId) this.#entities.refold(known.entity);
    } else {
      this.#entities.apply(kind, entity, event, told);
      outcome.accepted++;
      this.#sources.count(source, 'accepted');
      this.#sources.event(source, event, heard);
    }
    outcome.newest = Math.max(outcome.newest, event.time);
    outcome.oldest = Math.min(outcome.oldest, event.time);
    if (event.constructed) outcome.constructed = true;
    if (event.type === 'source.registered') this.#sources.said(event);
    this.#vaultWrites.learn(accepted);
    return true;
  }

  /** Two bodies under one identity: the lower hash counts, on every station and in every order of arrival. The new one's position where it does. */
  #takeOver(source: Source, known: Known, { event, hash }: Accepted, entityId: number, message: RawMessage, outcome: Outcome): number | undefined {
    const rejection: Rejection = { reason: 'two-bodies', detail: `another body came under id "${event.id}"; the one with the lower SHA-256 counts`, source: event.source };
    if (Buffer.compare(hash, known.hash) > 0) {
      if (!this.#aside.refuseBody(message, rejection, identityOf(event, hash), outcome)) this.#aside.again(source, outcome);
      return undefined;
    }
    const before = this.#log.at(known.position);
    const loser = Buffer.from(JSON.stringify(before));
    this.#aside.refuseBody({ ...message, payload: loser, size: loser.length }, rejection, identityOf(before, known.hash), outcome);
    outcome.oldest = Math.min(outcome.oldest, before.time);
    return this.#log.replace(known.position, event, entityId, hash, message.received);
  }
}
