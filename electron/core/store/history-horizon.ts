import type { Db } from './open.ts';

/** What is kept for spans of its own: raw samples, each rollup, each snapshot family by its table. */
export type History = 'sample' | '15m' | '1h' | '1d' | (string & {});

/** Before this time (epoch ms) the history has been forgotten; -Infinity while nothing has. */
export function horizonOf(db: Db, history: History): number {
  return db.prepare<[string], { before: number }>('SELECT before FROM history_horizon WHERE history = ?').get(history)?.before ?? -Infinity;
}

/** Says that a history has been forgotten before a time; it never moves back. */
export function moveHorizon(db: Db, history: History, before: number): void {
  db.prepare('INSERT INTO history_horizon (history, before) VALUES (?, ?) ON CONFLICT DO UPDATE SET before = MAX(before, excluded.before)').run(history, before);
}
