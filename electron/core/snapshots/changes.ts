import type { Taken } from './taken.ts';

const inOrder = (named: Readonly<Record<string, unknown>>) => Object.keys(named).sort().map((name) => [name, named[name]]);

/** Text by which a snapshot is the same as the one before: everything but its moment. */
export const sameAs = ({ facts, metrics, unknown }: Taken): string => JSON.stringify([facts, metrics, unknown].map(inOrder));

/** What was last written of each subject, so that only what changed is written again. */
export class LastWritten {
  readonly #last = new Map<string, string>();

  /** Those of `taken` that differ from what was last written; they count as written from now on. */
  changed(family: string, taken: readonly Taken[]): Taken[] {
    return taken.filter((one) => {
      const key = JSON.stringify([family, ...one.subject]);
      const text = sameAs(one);
      if (this.#last.get(key) === text) return false;
      this.#last.set(key, text);
      return true;
    });
  }
}
