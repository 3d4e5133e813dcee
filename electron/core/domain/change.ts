/**
 * Sets the fields of `patch` that have a value; a field that was not said keeps what it had.
 * State is stored and hashed as JSON, so no field may ever be `undefined`.
 */
export function assign<S extends object>(state: S, patch: Partial<S>): S {
  const next = { ...state };
  for (const key in patch) if (patch[key] !== undefined) next[key] = patch[key] as S[typeof key];
  return next;
}

/** Leaves fields out. */
export function without<S extends object, K extends keyof S>(state: S, ...keys: readonly K[]): S {
  const next = { ...state };
  for (const key of keys) delete next[key];
  return next;
}

/** Epoch ms of an instant of the contract. */
export const ms = (instant: string): number => Date.parse(instant);

/** Epoch ms of an instant that may not have been said. */
export const msOr = (instant: string | null | undefined): number | undefined => (typeof instant === 'string' ? ms(instant) : undefined);
