import type { Scope } from '#shared/metrics/result.ts';
import { thresholdsFor } from '#shared/metrics/severity.ts';
import type { Context } from './context.ts';

/** Which target samples of several priorities or modalities have in common: a share within "the" target is none if they differ. */
export class Targets {
  readonly #context: Context;
  readonly #kinds = new Map<string, Scope>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** A sample that these scope values speak of was seen. */
  saw(kind: Readonly<Record<string, string | undefined>>): void {
    let key = '';
    for (const name in kind) key += `${kind[name] ?? ''}\0`;
    if (this.#kinds.has(key)) return;
    this.#kinds.set(key, Object.fromEntries(Object.entries(kind).filter((pair): pair is [string, string] => pair[1] !== undefined)));
  }

  /** The warn threshold of all samples seen; null where they have none or not the same. */
  common(): number | null {
    const { definition, scope, house } = this.#context;
    const targets = new Set([...this.#kinds.values()].map((kind) => thresholdsFor(definition, { ...kind, ...scope }, house.site).warn));
    return targets.size === 1 ? [...targets][0]! : null;
  }
}
