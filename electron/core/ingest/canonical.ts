/** Text that JSON writes as it stands, between quotes. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** JSON with sorted keys: the same value gives the same text whatever order its fields came in. Called for every event. */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? canonical(item) : `,${canonical(item)}`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const field = (value as Record<string, unknown>)[key];
    if (field !== undefined) text += `${text === '' ? '' : ','}${canonical(key)}:${canonical(field)}`;
  }
  return `{${text}}`;
}
