import type { Retention } from '#shared/retention.ts';
import { beginTrim, Trimmer } from './trim.ts';
import { newestBaseline } from './baselines.ts';
import { inTransaction, type Db } from './open.ts';
import { dropIfUnknown, forgetEntities, type LetGo } from './forget-entities.ts';
import { deleteHistoryStep, HISTORIES } from './history-retention.ts';
import { returnPages } from './free-pages.ts';
import type { History } from './history-horizon.ts';
import type { SiteStore } from './site-store.ts';
import { whoIsHere } from './who-is-here.ts';

const DAY = 86_400_000;
/** Work of one step: small enough that what arrives meanwhile waits no longer than for an ordinary commit. */
export const STEP = { rows: 400, ms: 12 };
/** A round looks at every class of data; rounds are this far apart on the site's clock, the first soon after the start. */
const ROUND_MS = 10 * 60_000;
const FIRST_ROUND_MS = 30_000;

/** One class of work; a step does a bounded part of it and returns whether there is more. */
export interface UpkeepTask {
  readonly name: string;
  step(now: number): boolean;
}

/** What upkeep says of itself in health; times in epoch ms of the site's clock. */
export interface UpkeepState {
  readonly state: 'idle' | 'working' | 'failed';
  /** The class of data it works on, or failed on. */
  readonly task?: string;
  readonly problem?: string;
  /** When the last whole round ended. */
  readonly completed?: number;
  readonly longestStepMs: number;
}

/**
 * Retention and the return of free pages, in the writer thread between batches: each step is one short transaction,
 * and what is to be done is asked of the files themselves, so that a crash costs one step.
 */
export class Upkeep {
  readonly #all: readonly UpkeepTask[];
  #waiting: UpkeepTask[] = [];
  #nextRound: number | undefined;
  #completed: number | undefined;
  #failure: { task: string; problem: string } | undefined;
  #longest = 0;

  constructor(tasks: readonly UpkeepTask[]) {
    this.#all = tasks;
  }

  /** Begins a round when one is due; returns whether there is something to do. */
  due(now: number): boolean {
    // Further off than a round can be: the clock was given back.
    if (this.#nextRound === undefined || this.#nextRound > now + ROUND_MS) this.#nextRound = now + FIRST_ROUND_MS;
    if (this.#waiting.length === 0 && now >= this.#nextRound) {
      this.#waiting = [...this.#all];
      this.#nextRound = now + ROUND_MS;
    }
    return this.#waiting.length > 0;
  }

  /**
   * One step of what is due; returns whether there is more. A task that fails is named in {@link state}, waits for the
   * next round and does not keep the others from theirs: a disk that refuses shows itself in ingest.
   */
  step(now: number): boolean {
    const task = this.#waiting[0];
    if (!task) return false;
    const start = performance.now();
    try {
      if (!task.step(now)) this.#waiting.shift();
      if (this.#failure?.task === task.name) this.#failure = undefined;
    } catch (error) {
      this.#failure = { task: task.name, problem: (error as Error).message };
      this.#waiting.shift();
    } finally {
      this.#longest = Math.max(this.#longest, performance.now() - start);
    }
    if (this.#waiting.length === 0) this.#completed = now;
    return this.#waiting.length > 0;
  }

  get state(): UpkeepState {
    return {
      state: this.#failure ? 'failed' : this.#waiting.length > 0 ? 'working' : 'idle',
      ...(this.#failure ?? (this.#waiting[0] ? { task: this.#waiting[0].name } : {})),
      ...(this.#completed === undefined ? {} : { completed: this.#completed }),
      longestStepMs: Math.round(this.#longest * 10) / 10,
    };
  }
}

/** The classes of data that this folder keeps, each with how it is forgotten. */
export function storeTasks({ db, vault, ingest, timezone }: SiteStore, keep: Retention): UpkeepTask[] {
  const trimmer = new Trimmer(db);
  const letGo: LetGo = (kind, id) => ingest.letGo(kind, id);
  return [
    {
      name: 'events',
      step(now) {
        if (!trimmer.pending) {
          // Whole days, so that there is one baseline a day however often this looks.
          const horizon = Math.floor((now - keep.events * DAY) / DAY) * DAY - 1;
          if (horizon <= (newestBaseline(db)?.horizon ?? -Infinity) || !hasEventsUpTo(db, horizon)) return false;
          beginTrim(db, horizon, now);
          ingest.readHorizon();
        }
        return !trimmer.step(now, STEP).done;
      },
    },
    { name: 'entities', step: (now) => forgetEntities(db, now - keep.entities * DAY, STEP.rows, letGo) },
    { name: 'baselines', step: (now) => forgetBaselines(db, now - keep.baselines * DAY, letGo) },
    { name: 'dead letters', step: (now) => ingest.deadLetters.expire(now - keep.deadLetters * DAY, STEP.rows) },
    { name: 'bodies of dead letters', step: (now) => ingest.deadLetters.expireBodies(now, STEP.rows) >= STEP.rows },
    { name: 'persons', step: (now) => (vault?.expirePersons(now - keep.persons * DAY, STEP.rows, now, () => whoIsHere(db)) ?? 0) >= STEP.rows },
    ...HISTORIES.map((history) => ({ name: history, step: (now: number) => !deleteHistoryStep(db, timezone, history, now - daysOf(history, keep) * DAY, STEP.rows).done })),
    { name: 'free pages of the log', step: () => returnPages(db) },
    { name: 'free pages of the vault', step: () => (vault ? returnPages(vault.db) : false) },
  ];
}

function daysOf(history: History, keep: Retention): number {
  if (history === 'sample') return keep.samples;
  return history === '15m' ? keep.rollups15m : history === '1h' ? keep.rollups1h : history === '1d' ? keep.rollups1d : keep.snapshots;
}

function hasEventsUpTo(db: Db, horizon: number): boolean {
  return db.prepare('SELECT 1 FROM ops_event WHERE time <= ? ORDER BY time LIMIT 1').get(horizon) !== undefined;
}

/** Forgets baselines from before `before` (epoch ms), never the newest, then states that hold for none of those left. Returns whether there is more. */
function forgetBaselines(db: Db, before: number, letGo: LetGo): boolean {
  return inTransaction(db, () => {
    db.prepare('DELETE FROM baseline WHERE horizon < ? AND horizon < (SELECT MAX(horizon) FROM baseline WHERE completed IS NOT NULL)').run(before);
    const oldest = db.prepare<[], { id: number }>('SELECT baseline_id AS id FROM baseline ORDER BY horizon LIMIT 1').get();
    if (!oldest) return false;
    const gone = db.prepare<[number, number], { entity: number }>('DELETE FROM baseline_entity WHERE baseline_entity_id IN (SELECT baseline_entity_id FROM baseline_entity WHERE until <= ? LIMIT ?) RETURNING entity').all(oldest.id, STEP.rows);
    const drop = dropIfUnknown(db, letGo);
    for (const { entity } of gone) drop(entity);
    return gone.length >= STEP.rows;
  });
}
