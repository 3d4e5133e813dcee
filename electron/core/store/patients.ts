import type { Personal, Vault } from './vault.ts';

/** By the number that the hospital's systems use, or by what the log has in its place. */
export type Whom = { readonly identifier: string } | { readonly pseudonym: string };

export interface Patient {
  readonly pseudonym: string;
  readonly facts: Personal;
}

/** What an erasure took: the record, bodies of refused messages, and facts of events that wait in quarantine. */
export interface Erased {
  readonly pseudonym: string;
  readonly record: boolean;
  readonly letters: number;
  readonly waiting: number;
}

/** The field in which a record keeps the number itself. */
const IDENTIFIER = 'patient.id';
/** Rows looked through at once: ingest goes on between two. */
const STEP = 200;

const pseudonymOf = (whom: Whom, make: (identifier: string) => string) => ('pseudonym' in whom ? whom.pseudonym : make(whom.identifier));

/** A person as the vault knows them; undefined if it does not. */
export function readPatient(vault: Vault, whom: Whom, make: (identifier: string) => string): Patient | undefined {
  const pseudonym = pseudonymOf(whom, make);
  const facts = vault.read(pseudonym);
  return facts && { pseudonym, facts };
}

/**
 * Forgets a person, in steps: the record first, then whatever else of the vault names them by their number. The log
 * keeps a pseudonym that leads nowhere. By a pseudonym without a record nothing else can be found.
 */
export function* erasePatient(vault: Vault, whom: Whom, make: (identifier: string) => string): Generator<undefined, Erased> {
  const pseudonym = pseudonymOf(whom, make);
  const number = 'identifier' in whom ? whom.identifier : vault.read(pseudonym)?.[IDENTIFIER];
  const record = vault.eraseDurably(pseudonym);
  if (number === undefined) return { pseudonym, record, letters: 0, waiting: 0 };
  let [letters, waiting] = [0, 0];
  const naming = Buffer.from(number);
  for (let after: number | undefined = 0; after !== undefined; yield) {
    const step = vault.dropBodiesWith(naming, after, STEP);
    letters += step.dropped;
    after = step.next;
  }
  for (let after: Buffer | undefined = Buffer.alloc(0); after !== undefined; yield) {
    const step = vault.dropFactsOf(IDENTIFIER, number, after, STEP);
    waiting += step.dropped;
    after = step.next;
  }
  return { pseudonym, record, letters, waiting };
}
