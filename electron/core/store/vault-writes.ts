import type { Accepted } from '../ingest/decode.ts';
import { personsOf, type Person } from '../ingest/personal.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Personal, Vault } from './vault.ts';

/**
 * What a batch has for the vault, written in one transaction. The vault is durable before the log refers to it: a crash
 * between leaves a record too many, never one too few.
 */
export class VaultWrites {
  readonly #vault: Vault | undefined;
  readonly #deadLetters: DeadLetters;
  #facts: Person[] = [];
  #waitingFacts: { identity: Buffer; facts: Personal }[] = [];
  #settledFacts: Buffer[] = [];
  #bodies: { deadLetterId: number; body: Buffer }[] = [];

  constructor(vault: Vault | undefined, deadLetters: DeadLetters) {
    this.#vault = vault;
    this.#deadLetters = deadLetters;
  }

  /** What an event says of persons goes to their records. */
  learn({ event, person }: Accepted): void {
    if (this.#vault && person) this.#facts.push(...personsOf(person, event.data));
  }

  /** What an event in quarantine says of a person is kept apart. */
  wait(identity: Buffer, facts: Personal): void {
    this.#waitingFacts.push({ identity, facts });
  }

  /** An event left quarantine. */
  settle(identity: Buffer): void {
    this.#settledFacts.push(identity);
  }

  keepBody(deadLetterId: number, body: Buffer): void {
    this.#bodies.push({ deadLetterId, body });
  }

  flush(now: number): void {
    const vault = this.#vault;
    const isNews = ({ pseudonym, facts }: Person) => vault?.isNews(pseudonym, facts, now);
    if (!vault || (this.#bodies.length + this.#waitingFacts.length + this.#settledFacts.length === 0 && !this.#facts.some(isNews))) return;
    vault.transaction(() => {
      for (const person of this.#facts) if (isNews(person)) vault.merge(person.pseudonym, person.facts, now);
      for (const { deadLetterId, body } of this.#bodies) this.#deadLetters.keepBody(deadLetterId, body, now);
      for (const { identity, facts } of this.#waitingFacts) vault.keepQuarantinedFacts(identity, facts);
      for (const identity of this.#settledFacts) vault.dropQuarantinedFacts(identity);
    });
  }

  /** After a batch, written or not. */
  clear(): void {
    this.#facts = [];
    this.#waitingFacts = [];
    this.#settledFacts = [];
    this.#bodies = [];
  }
}
