import { createHash } from 'node:crypto';
import { compareEvents } from '#shared/events/order.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { baselinePages, newestBaseline, type Baseline } from './baselines.ts';
import { EventLog } from './event-log.ts';
import { inTransaction, type Db } from './open.ts';
import { hashLine } from './state.ts';

/** Events of one entity folded into its baseline at once. */
const PART = 500;

/**
 * Announces that events up to and including `horizon` (epoch ms) are to be forgotten: from now on such events are
 * refused as `before-baseline`; {@link Trimmer} does the work.
 * Throws if the horizon is not after the last one, or after `now`, or if the last trimming has not ended.
 */
export function beginTrim(db: Db, horizon: number, now: number): void {
  const before = newestBaseline(db);
  if (before && horizon <= before.horizon) throw new RangeError(`Already trimmed up to ${new Date(before.horizon).toISOString()}.`);
  if (horizon > now) throw new RangeError(`${new Date(horizon).toISOString()} is ahead of the clock: until then every event would be refused as before the baseline.`);
  if (before && before.completed === null) throw new RangeError(`The trimming up to ${new Date(before.horizon).toISOString()} has not ended yet.`);
  db.prepare('INSERT INTO baseline (horizon, created, through) VALUES (?, ?, ?)').run(horizon, now, before?.through ?? 0);
}

/**
 * Forgets what lies before an announced horizon, entity by entity in small transactions. Each of them moves an
 * entity's oldest events from the log into its baseline, so state is the same before, between and after them, and a
 * crash costs one step. Which events remain to be done is asked of the log itself.
 */
export class Trimmer {
  readonly #db: Db;
  readonly #log: EventLog;
  readonly #statements;
  #hashing: { baseline: number; hash: ReturnType<typeof createHash>; pages: ReturnType<typeof baselinePages> } | undefined;

  constructor(db: Db) {
    this.#db = db;
    this.#log = new EventLog(db);
    this.#statements = {
      oldest: db.prepare<[number], { entity: number }>('SELECT entity FROM ops_event WHERE time <= ? ORDER BY time LIMIT 1'),
      held: db.prepare<[number], { baseline_entity_id: number; baseline: number; state: string }>('SELECT baseline_entity_id, baseline, state FROM baseline_entity WHERE entity = ? AND until IS NULL ORDER BY baseline DESC LIMIT 1'),
      supersede: db.prepare('UPDATE baseline_entity SET until = ? WHERE baseline_entity_id = ?'),
      update: db.prepare('UPDATE baseline_entity SET state = ? WHERE baseline_entity_id = ?'),
      put: db.prepare('INSERT INTO baseline_entity (entity, baseline, state) VALUES (?, ?, ?)'),
      last: db.prepare<[number, number], number>('SELECT MAX(position) FROM ops_event WHERE entity = ? AND time <= ?').pluck(),
      forget: db.prepare('DELETE FROM ops_event WHERE entity = ? AND time <= ?'),
      count: db.prepare('UPDATE baseline SET events_trimmed = events_trimmed + ?, through = MAX(through, ?) WHERE baseline_id = ?'),
      complete: db.prepare('UPDATE baseline SET state_hash = ?, completed = ? WHERE baseline_id = ?'),
    };
  }

  /** The baseline that is being written; undefined when nothing was announced. */
  get pending(): Baseline | undefined {
    const newest = newestBaseline(this.#db);
    return newest?.completed === null ? newest : undefined;
  }

  /**
   * One transaction of at most about `rows` events and `ms` milliseconds. Returns how many events it forgot and
   * whether the baseline is whole. `now` (epoch ms) is noted as its end.
   */
  step(now: number, { rows, ms }: { rows: number; ms: number }): { trimmed: number; done: boolean } {
    const baseline = this.pending;
    if (!baseline) return { trimmed: 0, done: true };
    const deadline = performance.now() + ms;
    const trimmed = inTransaction(this.#db, () => {
      let [sum, last] = [0, 0];
      while (sum < rows && performance.now() < deadline) {
        const next = this.#statements.oldest.get(baseline.horizon);
        if (!next) break;
        const through = this.#fold(next.entity, baseline);
        last = Math.max(last, this.#statements.last.get(next.entity, through)!);
        sum += this.#statements.forget.run(next.entity, through).changes;
      }
      if (sum > 0) this.#statements.count.run(sum, last, baseline.baseline_id);
      return sum;
    });
    return { trimmed, done: trimmed === 0 && this.#name(baseline.baseline_id, now, deadline) };
  }

  /** Folds an entity's oldest events into its baseline and returns the time up to which it holds them; ties in time go together, since order among them is ours, not SQL's. */
  #fold(entity: number, { baseline_id: baseline, horizon }: Baseline): number {
    const { events, through } = this.#log.oldestOfEntity(entity, horizon, PART);
    const held = this.#statements.held.get(entity);
    const state = events
      .filter(({ type }) => isFolded(type))
      .sort(compareEvents)
      .reduce<unknown>((folded, event) => evolve(folded, event), held && (JSON.parse(held.state) as unknown));
    const text = state === undefined ? undefined : JSON.stringify(state);
    if (text !== undefined && text !== held?.state) {
      if (held?.baseline === baseline) this.#statements.update.run(text, held.baseline_entity_id);
      else {
        if (held) this.#statements.supersede.run(baseline, held.baseline_entity_id);
        this.#statements.put.run(entity, baseline, text);
      }
    }
    return through;
  }

  /** Names the whole baseline by its state hash, as many entities at a time as the deadline allows; returns whether it is done. */
  #name(baseline: number, now: number, deadline: number): boolean {
    if (this.#hashing?.baseline !== baseline) this.#hashing = { baseline, hash: createHash('sha256'), pages: baselinePages(this.#db, baseline) };
    const { hash, pages } = this.#hashing;
    do {
      const page = pages.next();
      if (page.done) {
        this.#statements.complete.run(hash.digest('hex'), now, baseline);
        this.#hashing = undefined;
        return true;
      }
      for (const { kind, id, state } of page.value) hash.update(hashLine(kind, id, state));
    } while (performance.now() < deadline);
    return false;
  }
}

const STEP = { rows: 5_000, ms: 250 };

/**
 * Forgets events up to and including `horizon` (epoch ms), in steps, to the end; a trimming that was cut short is
 * ended first. Returns the number of events forgotten; `progress` is told how many so far.
 */
export function trim(db: Db, horizon: number, now: number, progress: (trimmed: number) => void = () => {}): number {
  const trimmer = new Trimmer(db);
  let sum = 0;
  const finish = () => {
    for (;;) {
      const { trimmed, done } = trimmer.step(now, STEP);
      progress((sum += trimmed));
      if (done) return;
    }
  };
  const cutShort = trimmer.pending;
  finish();
  if (cutShort?.horizon !== horizon) beginTrim(db, horizon, now);
  finish();
  return sum;
}
