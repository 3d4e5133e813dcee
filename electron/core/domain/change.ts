/**
 * Sets the fields of `patch` that have a value; a field that was not said keeps what it had. The state itself when
 * nothing changes. State is stored and hashed as JSON, so no field may ever be `undefined`.
 */
export function assign<S extends object>(state: S, patch: Partial<S>): S {
  let next: S | undefined;
  for (const key in patch) {
    const value = patch[key];
    if (value !== undefined && value !== state[key]) (next ??= { ...state })[key] = value as S[typeof key];
  }
  return next ?? state;
}

/** Leaves fields out; the state itself when it has none of them. Copies what stays: an object with deleted fields is slow ever after. */
export function without<S extends object, K extends keyof S>(state: S, ...keys: readonly K[]): S {
  let held = false;
  for (const key of keys) held ||= key in state;
  if (!held) return state;
  const next = {} as S;
  for (const key in state) if (!keys.includes(key as unknown as K)) next[key] = state[key];
  return next;
}

/** Epoch ms of an instant of the contract. */
export const ms = (instant: string): number => Date.parse(instant);

/** Epoch ms of an instant that may not have been said. */
export const msOr = (instant: string | null | undefined): number | undefined => (typeof instant === 'string' ? ms(instant) : undefined);
