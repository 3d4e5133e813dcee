import { existsSync } from 'node:fs';
import { migrate, VAULT_MIGRATIONS } from './migrate.ts';
import { inTransaction, openForReading, openForWriting, type Db } from './open.ts';
import { readableRows } from './readable-rows.ts';

interface Table {
  readonly name: string;
  readonly columns: readonly [string, string, ...string[]];
  readonly newer?: string;
}

const TABLES: readonly Table[] = [
  { name: 'person', columns: ['pseudonym', 'record', 'updated'], newer: 'excluded.updated >= person.updated' },
  { name: 'dead_letter_body', columns: ['dead_letter_id', 'body', 'expires'] },
  { name: 'quarantined_facts', columns: ['identity', 'facts'] },
];

/** Copies what can be read of a damaged vault: persons, bodies of refused messages, facts that wait. Their seal is judged when they are read. */
export function copyVault(file: string, to: Db): void {
  const from = openForReading(file);
  try {
    for (const { name, columns, newer } of TABLES) {
      const [key, ...others] = columns;
      const put = to.prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
        ON CONFLICT (${key}) DO UPDATE SET ${others.map((column) => `${column} = excluded.${column}`).join(', ')}${newer === undefined ? '' : ` WHERE ${newer}`}`);
      inTransaction(to, () => {
        for (const row of readableRows(from, name, key)) if (columns.every((column) => row[column] !== null)) put.run(columns.map((column) => row[column]));
      });
    }
  } finally {
    from.close();
  }
}

/**
 * Forgets what a vault holds for letters and waiting events that its log does not know: numbers of such letters will be
 * given to others, and nobody would ever ask for such facts.
 */
export function forgetStrays(log: string, vault: string): void {
  if (!existsSync(vault)) return;
  const [from, db] = [openForReading(log), openForWriting(vault)];
  try {
    migrate(db, VAULT_MIGRATIONS);
    db.pragma('secure_delete = ON');
    const { last } = from.prepare('SELECT COALESCE(MAX(dead_letter_id), 0) AS last FROM dead_letter').get() as { last: number };
    const waits = from.prepare<[Buffer], object>('SELECT 1 FROM quarantined_event WHERE identity = ?');
    inTransaction(db, () => {
      db.prepare('DELETE FROM dead_letter_body WHERE dead_letter_id > ?').run(last);
      const drop = db.prepare('DELETE FROM quarantined_facts WHERE identity = ?');
      for (const { identity } of db.prepare<[], { identity: Buffer }>('SELECT identity FROM quarantined_facts').all()) if (!waits.get(identity)) drop.run(identity);
    });
  } finally {
    from.close();
    db.close();
  }
}
