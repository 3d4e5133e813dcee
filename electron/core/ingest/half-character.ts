const HIGH = String.raw`\\u[dD][89abAB][0-9a-fA-F]{2}`;
const LOW = String.raw`\\u[dD][c-fC-F][0-9a-fA-F]{2}`;
const LONE = new RegExp(`${HIGH}(?!${LOW})|(?<!${HIGH})${LOW}`);

/**
 * Whether a JSON text escapes one half of a surrogate pair without the other. SQLite keeps UTF-8, which has no such
 * character: two names that differ in it would be two entities in memory and one in the table.
 */
export function escapesHalfCharacter(json: string): boolean {
  // Backslashes that are themselves escaped start no escape; a space keeps the halves at their sides apart.
  return /\\u[dD]/.test(json) && LONE.test(json.replaceAll('\\\\', ' '));
}
