import { byRecord } from '../ingest/personal.ts';
import { personRecords } from './person-records.ts';
import type { SiteStore } from './site-store.ts';
import type { Personal, Vault } from './vault.ts';

/** By the number that the hospital's systems use, or by what the log has in its place. */
export type Whom = { readonly identifier: string } | { readonly pseudonym: string };

/** A person over all of their records, under that which lives on. */
export interface Patient {
  readonly pseudonym: string;
  readonly facts: Personal;
}

/** What an erasure took: records, by pseudonym, bodies of refused messages, and facts of events that wait in quarantine. */
export interface Erased {
  readonly pseudonym: string;
  readonly record: boolean;
  readonly records: string[];
  readonly letters: number;
  readonly waiting: number;
}

/** The store of a station that keeps a vault. */
export type PeopleStore = Pick<SiteStore, 'db' | 'pseudonym'> & { readonly vault: Vault };

/** The field in which a record keeps the number itself, and both in which an event may name one. */
const IDENTIFIER = 'patient.id';
const NAMING = [IDENTIFIER, 'into.id'];
/** Rows looked through at once: ingest goes on between two. */
const STEP = 200;

const recordsOf = ({ db, pseudonym }: PeopleStore, whom: Whom) => personRecords(db, 'pseudonym' in whom ? whom.pseudonym : pseudonym(whom.identifier));

/** A person as the vault knows them; undefined if it does not. */
export function readPatient(store: PeopleStore, whom: Whom): Patient | undefined {
  const records = recordsOf(store, whom);
  const found = records.map((record) => store.vault.read(record)).filter((facts) => facts !== undefined);
  if (found.length === 0) return undefined;
  // A vault of before kept what a merge told of the record that lives on with the one that does not.
  const facts = found.map(byRecord).map(({ own, survivor }) => ({ ...own, ...survivor }));
  return { pseudonym: records.at(-1)!, facts: Object.assign({}, ...facts) as Personal };
}

/**
 * Forgets a person, in steps: all their records first, then whatever else of the vault names them by a number. The log
 * keeps pseudonyms that lead nowhere. By a pseudonym without a record nothing else can be found.
 */
export function* erasePatient(store: PeopleStore, whom: Whom): Generator<undefined, Erased> {
  const { vault } = store;
  const persons = recordsOf(store, whom);
  const numbers = new Set(persons.flatMap((record) => vault.read(record)?.[IDENTIFIER] ?? []));
  if ('identifier' in whom) numbers.add(whom.identifier);
  const records = vault.eraseDurably(persons);
  const erased = { pseudonym: persons.at(-1)!, record: records.length > 0, records };
  if (numbers.size === 0) return { ...erased, letters: 0, waiting: 0 };
  let [letters, waiting] = [0, 0];
  const naming = [...numbers].map((number) => Buffer.from(number));
  for (let after: number | undefined = 0; after !== undefined; yield) {
    const step = vault.dropBodiesWith(naming, after, STEP);
    letters += step.dropped;
    after = step.next;
  }
  for (let after: Buffer | undefined = Buffer.alloc(0); after !== undefined; yield) {
    const step = vault.dropFactsOf(NAMING, numbers, after, STEP);
    waiting += step.dropped;
    after = step.next;
  }
  return { ...erased, letters, waiting };
}
