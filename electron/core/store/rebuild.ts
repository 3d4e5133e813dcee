import type { EntityKind } from '#shared/events/define.ts';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { compareEvents } from '#shared/events/order.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { isOpen } from '../domain/open.ts';
import { baselineStates } from './baselines.ts';
import { EventLog, scanLog } from './event-log.ts';
import type { Db } from './open.ts';

/**
 * One entity on the way: its state, and the order key of the event that folded last. The event itself is not kept:
 * holding a million of them cost more than folding them.
 */
interface Folding {
  state: unknown;
  time: number;
  sequence: number | undefined;
  id: string;
  source: string;
  /** An event came after one that folds later: this entity is folded again from its own events. */
  late: boolean;
}

const unborn = (state: unknown): Folding => ({ state, time: -Infinity, sequence: undefined, id: '', source: '', late: false });

const PROGRESS_EVERY = 50_000;

/**
 * Throws every projection away and folds it anew from baseline and log, in one transaction.
 * One pass in commit order; an entity whose events did not come in fold order is folded again from its own events.
 * Returns the number of events read. `progress` is told how many so far.
 */
export function rebuild(db: Db, progress: (events: number) => void = () => {}): number {
  const log = new EventLog(db);
  const baseline = new Map<number, unknown>();
  const folded: (Folding | undefined)[] = [];
  for (const { entity, state } of baselineStates(db)) {
    baseline.set(entity, state);
    folded[entity] = unborn(state);
  }
  let events = 0;
  for (const { event, entity } of scanLog(db, { by: 'position' })) {
    if (++events % PROGRESS_EVERY === 0) progress(events);
    const folding = (folded[entity] ??= unborn(undefined));
    if (folding.late || !isFolded(event.type)) continue;
    if (compareEvents(event, folding) < 0) folding.late = true;
    else step(folding, event);
  }
  folded.forEach((folding, entity) => {
    if (!folding?.late) return;
    folding.state = baseline.get(entity);
    for (const event of log.ofEntity(entity)) if (isFolded(event.type)) step(folding, event);
  });
  write(db, folded);
  progress(events);
  return events;
}

type StoredRow = [entity: number, kind: EntityKind, state: string | null];

function step(folding: Folding, event: DomainEvent): void {
  folding.state = evolve(folding.state, event);
  folding.time = event.time;
  folding.sequence = event.sequence;
  folding.id = event.id;
  folding.source = event.source;
}

/** Puts the folded states in place of those that differ; on a healthy store none does, and nothing is written. */
function write(db: Db, folded: readonly (Folding | undefined)[]): void {
  const wrong: [entity: number, kind: EntityKind, text: string | null][] = [];
  const page = db.prepare('SELECT entity_id, kind, state FROM entity WHERE entity_id > ? ORDER BY entity_id LIMIT 5000').raw();
  for (let rows = page.all(0) as StoredRow[]; rows.length > 0; rows = page.all(rows.at(-1)![0]) as StoredRow[]) {
    for (const row of rows) {
      const state = folded[row[0]]?.state;
      const text = state === undefined ? null : JSON.stringify(state);
      if (text !== row[2]) wrong.push([row[0], row[1], text]);
    }
  }
  const put = db.prepare('UPDATE entity SET state = ?, open = ?, changed = COALESCE(?, changed) WHERE entity_id = ?');
  db.transaction(() => {
    for (const [entity, kind, text] of wrong) {
      const folding = folded[entity];
      put.run(text, text !== null && isOpen(kind, folding!.state) ? 1 : 0, folding && folding.time > -Infinity ? folding.time : null, entity);
    }
  })();
}
