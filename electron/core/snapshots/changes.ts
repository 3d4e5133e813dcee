import { snapshotFamilies } from '#shared/snapshots/families.ts';
import { metricKey } from '#shared/snapshots/family.ts';
import type { Taken } from './taken.ts';

const inOrder = (named: Readonly<Record<string, unknown>>) => Object.keys(named).sort().map((name) => [name, named[name]]);

/** Text by which a snapshot is the same as the one before: everything but its moment. */
export const sameAs = ({ facts, metrics, unknown }: Taken): string => JSON.stringify([facts, metrics, unknown].map(inOrder));

/** What no snapshot says: it may stand or not, so what comes next is written. */
const UNSURE = '';
const GONE = 'nothing is told of it any more';

/** The snapshot of a subject that is told no more: the one before it must not go on holding. */
function gone(name: string, subject: readonly string[]): Taken {
  const { facts, metrics } = snapshotFamilies.get(name)!;
  const each = <V>(keys: readonly string[], value: V) => Object.fromEntries(keys.map((key) => [key, value]));
  const [factKeys, metricKeys] = [Object.keys(facts), metrics.map(metricKey)];
  return { subject, facts: each(factKeys, null), metrics: each(metricKeys, null), unknown: each([...factKeys, ...metricKeys], GONE), ended: true };
}

/** What was last written of each subject, so that only what changed is written again. */
export class LastWritten {
  /** By family, then by subject. */
  readonly #last = new Map<string, Map<string, string>>();

  /**
   * Those of `taken`, all there is of a family, that differ from what was last written, and what is to be written of
   * subjects that are told no more; they count as written from now on.
   */
  changed(family: string, taken: readonly Taken[]): Taken[] {
    const last = this.#of(family);
    const told = new Set(taken.map(({ subject }) => JSON.stringify(subject)));
    const vanished = [...last.keys()].filter((key) => !told.has(key)).map((key) => gone(family, JSON.parse(key) as string[]));
    return [...taken, ...vanished].filter((one) => {
      const key = JSON.stringify(one.subject);
      const text = sameAs(one);
      if (last.get(key) === text) return false;
      last.set(key, text);
      return true;
    });
  }

  /** Was not written: the next snapshot of these subjects is, whatever it says. */
  refused(family: string, taken: readonly Taken[]): void {
    const last = this.#of(family);
    for (const { subject } of taken) last.set(JSON.stringify(subject), UNSURE);
  }

  /** What was last written holds no more: the next snapshot of every subject is written. */
  forget(): void {
    for (const last of this.#last.values()) for (const key of last.keys()) last.set(key, UNSURE);
  }

  #of(family: string): Map<string, string> {
    const last = this.#last.get(family) ?? new Map<string, string>();
    this.#last.set(family, last);
    return last;
  }
}
