import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { VAULT_MIGRATIONS, migrate } from './migrate.ts';
import { inTransaction, openForWriting, type Db } from './open.ts';

const KNOWN_LIMIT = 100_000;
/** That a person was spoken of is written down once in so long. */
const SPOKEN_MS = 86_400_000;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What one event says of a person: field path -> value, identifiers included. */
export type Personal = Record<string, string>;

/**
 * The people behind the pseudonyms: an own file, AES-256-GCM, one record a person, erasable without touching the log.
 * A station without a vault (wall, kiosk) drops personal data instead.
 */
export class Vault {
  readonly #db: Db;
  readonly #key: Buffer;
  /** Records as they stand in the file, of persons lately spoken of, and when that was written down (epoch ms). */
  readonly #known = new Map<string, { readonly record: Personal; readonly spoken: number }>();
  readonly #statements;
  #bodyBytes: number | undefined;

  constructor(file: string, key: Buffer) {
    this.#db = openForWriting(file);
    migrate(this.#db, VAULT_MIGRATIONS);
    this.#db.pragma('secure_delete = ON');
    this.#key = key;
    this.#statements = {
      get: this.#db.prepare<[string], { record: Buffer }>('SELECT record FROM person WHERE pseudonym = ?'),
      put: this.#db.prepare('INSERT INTO person (pseudonym, record, updated) VALUES (?, ?, ?) ON CONFLICT (pseudonym) DO UPDATE SET record = excluded.record, updated = excluded.updated'),
      spoken: this.#db.prepare('UPDATE person SET updated = ? WHERE pseudonym = ?'),
      erase: this.#db.prepare('DELETE FROM person WHERE pseudonym = ?'),
      keepBody: this.#db.prepare('INSERT OR REPLACE INTO dead_letter_body (dead_letter_id, body, expires) VALUES (?, ?, ?)'),
      body: this.#db.prepare<[number], { body: Buffer }>('SELECT body FROM dead_letter_body WHERE dead_letter_id = ?'),
      bodyBytes: this.#db.prepare<[], { n: number }>('SELECT COALESCE(SUM(LENGTH(body)), 0) AS n FROM dead_letter_body'),
      oldestBodies: this.#db.prepare<[], { dead_letter_id: number; bytes: number }>('SELECT dead_letter_id, LENGTH(body) AS bytes FROM dead_letter_body ORDER BY dead_letter_id LIMIT 500'),
      dropBody: this.#db.prepare('DELETE FROM dead_letter_body WHERE dead_letter_id = ?'),
      expire: this.#db.prepare('DELETE FROM dead_letter_body WHERE dead_letter_id IN (SELECT dead_letter_id FROM dead_letter_body WHERE expires < ? ORDER BY expires LIMIT ?)'),
      silent: this.#db.prepare<[number, number], { pseudonym: string }>('SELECT pseudonym FROM person WHERE updated < ? ORDER BY updated LIMIT ?'),
      keepFacts: this.#db.prepare('INSERT OR REPLACE INTO quarantined_facts (identity, facts) VALUES (?, ?)'),
      quarantinedFacts: this.#db.prepare<[Buffer], { facts: Buffer }>('SELECT facts FROM quarantined_facts WHERE identity = ?'),
      bodies: this.#db.prepare<[number, number], { id: number; body: Buffer }>('SELECT dead_letter_id AS id, body FROM dead_letter_body WHERE dead_letter_id > ? ORDER BY dead_letter_id LIMIT ?'),
      allFacts: this.#db.prepare<[Buffer, number], { identity: Buffer; facts: Buffer }>('SELECT identity, facts FROM quarantined_facts WHERE identity > ? ORDER BY identity LIMIT ?'),
      dropFacts: this.#db.prepare('DELETE FROM quarantined_facts WHERE identity = ?'),
    };
  }

  /** Runs `work` in one durable transaction. */
  transaction(work: () => void): void {
    try {
      inTransaction(this.#db, work);
    } catch (error) {
      // Rolled back: memory is ahead of the file.
      this.#known.clear();
      this.#bodyBytes = undefined;
      throw error;
    }
  }

  /** Whether merging these facts would change what the vault holds, when the person was last spoken of included, as far as it remembers without reading. */
  isNews(person: string, facts: Personal, now: number): boolean {
    const known = this.#known.get(person);
    return !known || now >= known.spoken + SPOKEN_MS || Object.keys(facts).some((path) => known.record[path] !== facts[path]);
  }

  /** Merges facts into a person's record. Call inside {@link transaction}. */
  merge(person: string, facts: Personal, now: number): void {
    const record = { ...this.read(person), ...facts };
    this.#statements.put.run(person, this.#seal(Buffer.from(JSON.stringify(record))), now);
    if (this.#known.size >= KNOWN_LIMIT) this.#known.clear();
    this.#known.set(person, { record, spoken: now });
  }

  /** A person's facts; undefined if unknown or erased. */
  read(person: string): Personal | undefined {
    const row = this.#statements.get.get(person);
    return row && (JSON.parse(this.#open(row.record).toString('utf8')) as Personal);
  }

  /** Forgets a person; the log keeps a pseudonym that leads nowhere. Returns whether there was a record. */
  erase(person: string): boolean {
    this.#known.delete(person);
    return this.#statements.erase.run(person).changes > 0;
  }

  /** Like {@link erase}, of several in one transaction of their own; returns those of whom there was a record. */
  eraseDurably(persons: readonly string[]): string[] {
    let erased: string[] = [];
    this.transaction(() => (erased = persons.filter((person) => this.erase(person))));
    return erased;
  }

  /** Of the `limit` bodies after an id, deletes those in which one of the texts stands; `next`: where to go on. */
  dropBodiesWith(texts: readonly Buffer[], after: number, limit: number): { dropped: number; next?: number } {
    const rows = this.#statements.bodies.all(after, limit);
    const found = rows.filter(({ body }) => {
      const plain = this.#open(body);
      return texts.some((text) => plain.includes(text));
    });
    if (found.length > 0) this.transaction(() => found.forEach(({ id }) => this.#statements.dropBody.run(id)));
    this.#bodyBytes = undefined;
    return { dropped: found.length, ...(rows.length < limit ? {} : { next: rows.at(-1)!.id }) };
  }

  /** Of the `limit` waiting facts after an identity, deletes those in which a field is one of the values; `next`: where to go on. */
  dropFactsOf(fields: readonly string[], values: ReadonlySet<string>, after: Buffer, limit: number): { dropped: number; next?: Buffer } {
    const rows = this.#statements.allFacts.all(after, limit);
    const found = rows.filter(({ facts }) => {
      const plain = JSON.parse(this.#open(facts).toString('utf8')) as Personal;
      return fields.some((field) => plain[field] !== undefined && values.has(plain[field]));
    });
    if (found.length > 0) this.transaction(() => found.forEach(({ identity }) => this.#statements.dropFacts.run(identity)));
    return { dropped: found.length, ...(rows.length < limit ? {} : { next: rows.at(-1)!.identity }) };
  }

  keepBody(deadLetterId: number, body: Buffer, expires: number): void {
    const before = this.#bodyBytes;
    const sealed = this.#seal(body);
    this.#statements.keepBody.run(deadLetterId, sealed, expires);
    if (before !== undefined) this.#bodyBytes = before + sealed.length;
  }

  /** Bytes of all bodies of refused messages. */
  get bodyBytes(): number {
    return (this.#bodyBytes ??= this.#statements.bodyBytes.get()!.n);
  }

  /** Deletes the oldest bodies until those left have at most `bytes`; returns how many went. */
  dropBodies(bytes: number): number {
    let dropped = 0;
    let left = this.bodyBytes;
    while (left > bytes) {
      const oldest = this.#statements.oldestBodies.all();
      if (oldest.length === 0) left = 0;
      for (const body of oldest) {
        if (left <= bytes) break;
        this.#statements.dropBody.run(body.dead_letter_id);
        left -= body.bytes;
        dropped++;
      }
    }
    this.#bodyBytes = left;
    return dropped;
  }

  /** Body of a refused message; undefined once it has expired. */
  body(deadLetterId: number): Buffer | undefined {
    const row = this.#statements.body.get(deadLetterId);
    return row && this.#open(row.body);
  }

  /** Deletes bodies that have expired, at most `limit`; returns how many. */
  expireBodies(now: number, limit: number): number {
    this.#bodyBytes = undefined;
    return this.#statements.expire.run(now, limit).changes;
  }

  /**
   * Looks at `limit` persons of whom nobody has spoken since `before`, at most: forgets those who are not here, and counts the
   * others as spoken of `now` (epoch ms). Returns how many it looked at.
   */
  expirePersons(before: number, limit: number, now: number, here: () => ReadonlySet<string>): number {
    const silent = this.#statements.silent.all(before, limit);
    if (silent.length === 0) return 0;
    const stay = here();
    this.transaction(() => {
      for (const { pseudonym } of silent) {
        if (stay.has(pseudonym)) this.#statements.spoken.run(now, pseudonym);
        else this.erase(pseudonym);
      }
    });
    return silent.length;
  }

  /** The database, for upkeep and backup. */
  get db(): Db {
    return this.#db;
  }

  /** Keeps what an event in quarantine says of a person apart from the person's record. */
  keepQuarantinedFacts(identity: Buffer, facts: Personal): void {
    this.#statements.keepFacts.run(identity, this.#seal(Buffer.from(JSON.stringify(facts))));
  }

  quarantinedFacts(identity: Buffer): Personal | undefined {
    const row = this.#statements.quarantinedFacts.get(identity);
    return row && (JSON.parse(this.#open(row.facts).toString('utf8')) as Personal);
  }

  dropQuarantinedFacts(identity: Buffer): void {
    this.#statements.dropFacts.run(identity);
  }

  close(): void {
    this.#db.close();
  }

  #seal(plain: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  #open(sealed: Buffer): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, IV_BYTES));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
  }
}
