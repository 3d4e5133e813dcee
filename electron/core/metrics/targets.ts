import type { Scope } from '#shared/metrics/result.ts';
import { thresholdsFor } from '#shared/metrics/severity.ts';
import type { Context } from './context.ts';

/** Which target samples of several priorities or modalities have in common: a share within "the" target is none if they differ. */
export class Targets<K extends string> {
  readonly #context: Context;
  readonly #keys: readonly K[];
  /** One sample of each kind seen. */
  readonly #kinds: { readonly [P in K]?: string | undefined }[] = [];

  /** @param keys scope keys, as fields of the samples, that a target may depend on */
  constructor(context: Context, ...keys: readonly K[]) {
    this.#context = context;
    this.#keys = keys;
  }

  saw(sample: { readonly [P in K]?: string | undefined }): void {
    if (!this.#kinds.some((kind) => this.#keys.every((key) => kind[key] === sample[key]))) this.#kinds.push(sample);
  }

  /** The warn threshold of all samples seen; null where they have none or not the same. */
  common(): number | null {
    const { definition, scope, house } = this.#context;
    const scopeOf = (kind: Readonly<Partial<Record<K, string>>>): Scope => {
      const told = this.#keys.flatMap((key) => (kind[key] === undefined ? [] : [[key, kind[key]] as const]));
      return { ...Object.fromEntries(told), ...scope };
    };
    const targets = new Set(this.#kinds.map((kind) => thresholdsFor(definition, scopeOf(kind as Partial<Record<K, string>>), house.site).warn));
    return targets.size === 1 ? [...targets][0]! : null;
  }
}
