import { ChangedMeanwhile } from './changed-meanwhile.ts';
import { isDiskTrouble } from './disk-trouble.ts';
import { markEvent } from './event-marks.ts';
import { noteJoined, unknownOf } from './joined.ts';
import type { Outcome } from './outcome.ts';
import { erasePatient, readPatient } from './patients.ts';
import { replayLetters } from './replay-letters.ts';
import type { SiteStore } from './site-store.ts';
import type { Answer, Ask } from './writer-protocol.ts';

/** What the writer answers by its store alone. */
type OfStore = Exclude<Ask, { what: 'keep' | 'configure' | 'decide' }>;

interface AskParts {
  /** Tells what was written. */
  committed(outcome: Outcome): void;
  /** The store is being closed: who asked then gets no answer. */
  closing(): boolean;
}

/** Answers what people ask of the store through a running core. What takes long goes on a step a turn: ingest is served between two. */
export class Asks {
  readonly #store: SiteStore;
  readonly #parts: AskParts;

  constructor(store: SiteStore, parts: AskParts) {
    this.#store = store;
    this.#parts = parts;
  }

  /** Never rejects; what can be done at once is done when this returns. */
  async answer(ask: OfStore, now: number): Promise<Answer> {
    try {
      switch (ask.what) {
        case 'mark':
          return { ok: true, found: markEvent(this.#store.db, ask.position, ask.mark, ask.from) };
        case 'join':
          return { ok: true, left: this.#join(ask, now) };
        case 'replay':
          return { ok: true, ...(await this.#replay(ask, now)) };
        default:
          return await this.#patient(ask);
      }
    } catch (error) {
      return { ok: false, problem: (error as Error).message, ...(error instanceof ChangedMeanwhile ? { stale: true } : {}) };
    }
  }

  async #patient({ what, whom }: Extract<Ask, { what: 'patient' | 'erase' }>): Promise<Answer> {
    const { vault, db, pseudonym } = this.#store;
    if (!vault) return { ok: false, problem: 'this station keeps no vault: it knows nobody by name' };
    const store = { vault, db, pseudonym };
    if (what === 'patient') return { ok: true, patient: readPatient(store, whom) };
    return { ok: true, erased: await this.#inTurns(erasePatient(store, whom), () => {}) };
  }

  async #replay({ letters }: Extract<Ask, { what: 'replay' }>, now: number): Promise<{ replayed: number; left: number }> {
    let done = { replayed: 0, left: 0 };
    await this.#inTurns(replayLetters(this.#store.ingest, letters, now), ({ outcome, replayed, left }) => {
      this.#parts.committed(outcome);
      done = { replayed, left };
    });
    return done;
  }

  /** Takes a page of the hub's log; returns how many events could not be taken. */
  #join({ events, joined }: Extract<Ask, { what: 'join' }>, now: number): number {
    const { db, ingest } = this.#store;
    const news = unknownOf(db, events);
    const take = (some: typeof news) => this.#parts.committed(ingest.adopt(some, now));
    try {
      if (news.length > 0) take(news);
    } catch (error) {
      if (isDiskTrouble(error)) throw error;
      for (const one of news) {
        try {
          take([one]);
        } catch (cause) {
          if (isDiskTrouble(cause)) throw cause;
        }
      }
    }
    noteJoined(db, joined);
    return unknownOf(db, news).length;
  }

  #inTurns<T, R>(steps: Generator<T, R>, each: (step: T) => void): Promise<R> {
    return new Promise((resolve, reject) => {
      const turn = () => {
        if (this.#parts.closing()) return;
        try {
          const step = steps.next();
          if (step.done) return resolve(step.value);
          each(step.value);
          setImmediate(turn);
        } catch (error) {
          reject(error as Error);
        }
      };
      turn();
    });
  }
}
