import type { Change } from '../views/context.ts';

/** Changes that wait to be told: several of one entity as one, from the first `before` to the last `after`. */
export class Changes {
  #waiting = new Map<string, Change>();

  add(change: Change): void {
    const key = `${change.kind} ${change.id}`;
    const earlier = this.#waiting.get(key);
    this.#waiting.set(key, earlier ? ({ ...change, before: earlier.before } as Change) : change);
  }

  take(): Change[] {
    const changes = [...this.#waiting.values()];
    this.#waiting = new Map();
    return changes;
  }
}
