import { hash } from 'node:crypto';
import type { z } from 'zod';
import type { EntityKind, EventType } from '#shared/events/define.ts';
import { SOURCES, envelopeSchema, parseSource, type DomainEvent, type Envelope } from '#shared/events/envelope.ts';
import { eventTypes } from '#shared/events/registry.ts';
import type { SiteId } from '../store/paths.ts';
import type { Personal } from '../store/vault.ts';
import { canonical } from './canonical.ts';
import { escapesHalfCharacter } from './half-character.ts';
import { MAX_PAYLOAD_BYTES, type RawMessage } from './message.ts';
import { splitPersonal, type Person } from './personal.ts';
import { plainEnvelope } from './plain-envelope.ts';
import type { Rejection, RejectionReason } from './rejection.ts';
import type { SiteKey } from './site-key.ts';
import { parseTopic } from './topic.ts';

/** Event times before this are typing errors, not history. */
const EARLIEST = Date.UTC(1900, 0, 1);
/** A detail may name a topic or key of the sender's, and those can be as long as the message. */
const MAX_DETAIL_CHARS = 1_000;
const KNOWN_SOURCES: ReadonlySet<string> = new Set(SOURCES);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A message that was understood: what goes to the log, and what goes to the vault. */
export interface Accepted {
  readonly event: DomainEvent;
  readonly kind: EntityKind;
  readonly entity: string;
  /** SHA-256 of the canonical event without personal values; decides between two bodies of one identity. */
  readonly hash: Buffer;
  /** Whom it speaks of; of a merge, with what it says of the record that lives on. */
  readonly person?: Person;
}

export type Decoded = { ok: true; accepted: Accepted } | { ok: false; rejection: Rejection };

const reject = (reason: RejectionReason, detail: string, source?: string): Decoded => ({
  ok: false,
  rejection: { reason, detail: detail.slice(0, MAX_DETAIL_CHARS), ...(source === undefined ? {} : { source }) },
});

/** Where in a body the schema found fault; names paths, never values, since values may be personal. */
function issues(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || '(body)'}: ${issue.message}`)
    .join('; ');
}

/** Checks messages of one site against the contract and splits personal fields off. */
export class Decoder {
  readonly #site: SiteId;
  readonly #key: SiteKey;
  readonly #types: ReadonlyMap<string, EventType>;

  constructor(site: SiteId, key: SiteKey, types: ReadonlyMap<string, EventType> = eventTypes) {
    this.#site = site;
    this.#key = key;
    this.#types = types;
  }

  /** Never throws: whatever cannot be understood comes back as a rejection with its reason. */
  decode(message: RawMessage): Decoded {
    if (message.size > MAX_PAYLOAD_BYTES) return reject('too-large', `payload of ${message.size} bytes; the limit is ${MAX_PAYLOAD_BYTES}`);
    let text: string;
    try {
      text = utf8.decode(message.payload);
    } catch {
      return reject('invalid-utf8', 'payload is not valid UTF-8');
    }
    return this.decodeText(text, message);
  }

  /** Like {@link decode}, for text that is known to be UTF-8 and within limits. */
  decodeText(text: string, { topic, attributes }: Pick<RawMessage, 'topic' | 'attributes'>): Decoded {
    if (escapesHalfCharacter(text)) return reject('invalid-utf8', 'a \\u escape stands for half a character, which UTF-8 does not have');
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch (error) {
      return reject('not-json', `not JSON: ${(error as Error).message.replace(/"[^]*"/, '(body)').slice(0, 120)}`);
    }
    const plain = attributes ? undefined : plainEnvelope(body);
    if (plain) return this.#checkEnvelope(plain, topic);
    const parsed = envelopeSchema.safeParse(attributes ? { ...attributes, data: body } : body);
    if (!parsed.success) return reject('bad-envelope', issues(parsed.error));
    return this.#checkEnvelope(parsed.data, topic);
  }

  #checkEnvelope(envelope: Envelope, topic: string | undefined): Decoded {
    const from = parseSource(envelope.source)!;
    const { tenant, site } = this.#site;
    const where = topic === undefined ? undefined : parseTopic(topic);
    if (topic !== undefined && !where) return reject('bad-topic', `topic ${topic} is not vigil/v1/{tenant}/{site}/events/{source}/{type}`, envelope.source);
    for (const [what, named] of [['source', from], ['topic', where], ['envelope', envelope]] as const) {
      if (named && ((named.tenant ?? tenant) !== tenant || (named.site ?? site) !== site)) {
        return reject('other-site', `${what} names ${named.tenant}/${named.site}; this store is ${tenant}/${site}`, envelope.source);
      }
    }
    if (!KNOWN_SOURCES.has(from.source)) return reject('unknown-source', `source system "${from.source}" is not one of the contract's`, envelope.source);
    if (where && (where.source !== from.source || where.type !== envelope.type)) {
      return reject('topic-mismatch', `topic says ${where.source}/${where.type}, envelope says ${from.source}/${envelope.type}`, envelope.source);
    }
    const type = this.#types.get(envelope.type);
    if (!type) return reject('unknown-type', `event type "${envelope.type}" is not in the contract`, envelope.source);
    const time = Date.parse(envelope.time);
    if (!(time >= EARLIEST)) return reject('time-out-of-range', `time ${envelope.time} is before 1900`, envelope.source);
    const data = type.data.safeParse(envelope.data);
    if (!data.success) return reject('bad-data', issues(data.error), envelope.source);
    return this.#accept(envelope, type, time, data.data as Record<string, unknown>);
  }

  #accept(envelope: Envelope, type: EventType, time: number, data: Record<string, unknown>): Decoded {
    const facts = splitPersonal(type.data, data, this.#key);
    const event: DomainEvent = {
      source: envelope.source,
      id: envelope.id,
      type: envelope.type,
      time,
      ...(envelope.sequence === undefined ? {} : { sequence: envelope.sequence }),
      ...(envelope.constructed === undefined ? {} : { constructed: envelope.constructed }),
      data,
    };
    const accepted = acceptedEvent(type, event);
    return { ok: true, accepted: facts ? { ...accepted, person: personOf(accepted, facts) } : accepted };
  }

  /**
   * Accepts again an event that was understood before and kept without its personal values; undefined if its type is
   * gone. `facts`: the values, where they were kept beside it.
   */
  again(event: DomainEvent, facts?: Personal): Accepted | undefined {
    const type = this.#types.get(event.type);
    if (!type) return undefined;
    const accepted = acceptedEvent(type, event);
    return facts ? { ...accepted, person: personOf(accepted, facts) } : accepted;
  }
}

function personOf({ event: { data }, entity }: Accepted, facts: Personal): Person {
  return { pseudonym: (data['patient'] as { id: string } | undefined)?.id ?? entity, facts };
}

function acceptedEvent(type: EventType, event: DomainEvent): Accepted {
  const { time, sequence = null, constructed = null, data } = event;
  const digest = hash('sha256', canonical([event.type, time, sequence, constructed, data]), 'buffer');
  return { event, kind: type.entity.kind, entity: type.entity.id(data), hash: digest };
}
