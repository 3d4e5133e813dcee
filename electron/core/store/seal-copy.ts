import Database from 'better-sqlite3';
import { openOptions } from './open.ts';

/** Makes a copied database one plain file that can be read where nothing can be written. Returns the version of its schema. */
export function sealCopy(file: string, work: (db: Database.Database) => void = () => {}): number {
  const db = new Database(file, openOptions());
  try {
    work(db);
    db.pragma('journal_mode = DELETE');
    return db.pragma('user_version', { simple: true }) as number;
  } finally {
    db.close();
  }
}
