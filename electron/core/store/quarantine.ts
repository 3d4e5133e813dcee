import type { DomainEvent } from '#shared/events/envelope.ts';
import type { Db } from './open.ts';
import type { Personal, Vault } from './vault.ts';

/** One event that waits for its source to be accepted. */
export interface Waiting {
  readonly quarantined_id: number;
  readonly identity: Buffer;
  readonly topic: string | null;
  readonly event: string;
  readonly received: number;
}

/**
 * Events of sources that nobody has accepted yet, in order of arrival. The log's file holds them without personal
 * values; those wait sealed in the vault and reach no person's record before the source is accepted.
 */
export class Quarantine {
  readonly #vault: Vault | undefined;
  readonly #statements;

  constructor(db: Db, vault: Vault | undefined) {
    this.#vault = vault;
    this.#statements = {
      add: db.prepare('INSERT INTO quarantined_event (source_id, identity, topic, event, received) VALUES (?, ?, ?, ?, ?)'),
      known: db.prepare<[Buffer], { quarantined_id: number }>('SELECT quarantined_id FROM quarantined_event WHERE identity = ?'),
      next: db.prepare<[number, number], Waiting>('SELECT quarantined_id, identity, topic, event, received FROM quarantined_event WHERE source_id = ? ORDER BY quarantined_id LIMIT ?'),
      remove: db.prepare('DELETE FROM quarantined_event WHERE quarantined_id = ?'),
    };
  }

  /** Whether this very event, delivered before, waits already. */
  has(identity: Buffer): boolean {
    return this.#statements.known.get(identity) !== undefined;
  }

  /** Keeps an event and returns its size in bytes. */
  keep(sourceId: number, identity: Buffer, topic: string | undefined, event: DomainEvent, received: number): number {
    const text = JSON.stringify(event);
    this.#statements.add.run(sourceId, identity, topic ?? null, text, received);
    return text.length;
  }

  /** The events of a source that have waited longest. */
  next(sourceId: number, limit: number): Waiting[] {
    return this.#statements.next.all(sourceId, limit);
  }

  /** What an event in quarantine says of a person; undefined if nothing, or without a vault. */
  facts({ identity }: Waiting): Personal | undefined {
    return this.#vault?.quarantinedFacts(identity);
  }

  remove(id: number): void {
    this.#statements.remove.run(id);
  }
}
