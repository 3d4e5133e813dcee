type Fields = Record<string, unknown>;

/** Whether a field only says for which moment numbers were computed: `at` beside a metric or counts, and the end of a metric's window. */
const isMoment = (owner: Fields, key: string) => (key === 'at' && 'feeds' in owner) || ((key === 'at' || key === 'to') && 'metric' in owner);

function same(a: unknown, b: unknown, momentMatters: boolean): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((value, i) => same(value, b[i], momentMatters));
  const left = a as Fields;
  const right = b as Fields;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => key in right && ((!momentMatters && isMoment(left, key)) || same(left[key], right[key], momentMatters)))
  );
}

/** Deep equality of plain data. */
export const sameItem = (a: unknown, b: unknown): boolean => same(a, b, true);

/** Deep equality of plain data, apart from the moment that metric items were computed for. */
export const sameExceptMoment = (a: unknown, b: unknown): boolean => same(a, b, false);
