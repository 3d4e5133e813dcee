import type { EntityKind } from '#shared/events/define.ts';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { compareEvents } from '#shared/events/order.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { isOpen } from '../domain/open.ts';
import { baselineStates } from './baselines.ts';
import { EventLog, scanLog } from './event-log.ts';
import type { Db } from './open.ts';

interface Folding {
  state: unknown;
  last: DomainEvent | undefined;
}

const PROGRESS_EVERY = 50_000;

/**
 * Throws every projection away and folds it anew from baseline and log, in one transaction.
 * One pass in commit order; an entity whose events did not come in fold order is folded again from its own events.
 * Returns the number of events read. `progress` is told how many so far.
 */
export function rebuild(db: Db, progress: (events: number) => void = () => {}): number {
  const log = new EventLog(db);
  const folded = new Map<number, Folding>();
  const late = new Set<number>();
  let events = 0;
  const baseline = new Map<number, unknown>();
  for (const { entity, state } of baselineStates(db)) {
    baseline.set(entity, state);
    folded.set(entity, { state, last: undefined });
  }
  for (const { event, entity } of scanLog(db, { by: 'position' })) {
    if (++events % PROGRESS_EVERY === 0) progress(events);
    if (!isFolded(event.type) || late.has(entity)) continue;
    const folding = folded.get(entity) ?? { state: undefined, last: undefined };
    if (folding.last && compareEvents(event, folding.last) < 0) {
      late.add(entity);
      continue;
    }
    folding.state = evolve(folding.state, event);
    folding.last = event;
    folded.set(entity, folding);
  }
  for (const entity of late) {
    const own = log.ofEntity(entity).filter((event) => isFolded(event.type));
    folded.set(entity, { state: own.reduce<unknown>((state, event) => evolve(state, event), baseline.get(entity)), last: own.at(-1) });
  }
  write(db, folded);
  progress(events);
  return events;
}

function write(db: Db, folded: ReadonlyMap<number, Folding>): void {
  const kinds = new Map(
    db.prepare<[], { entity_id: number; kind: EntityKind }>('SELECT entity_id, kind FROM entity').all().map((row) => [row.entity_id, row.kind]),
  );
  const put = db.prepare('UPDATE entity SET state = ?, open = ?, changed = COALESCE(?, changed) WHERE entity_id = ?');
  db.transaction(() => {
    db.exec('UPDATE entity SET state = NULL WHERE state IS NOT NULL');
    for (const [entity, { state, last }] of folded) {
      const open = state !== undefined && isOpen(kinds.get(entity)!, state) ? 1 : 0;
      put.run(state === undefined ? null : JSON.stringify(state), open, last?.time ?? null, entity);
    }
  })();
}
