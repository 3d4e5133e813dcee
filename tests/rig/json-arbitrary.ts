import fc from 'fast-check';

/** A JSON Schema (draft 2020-12) as the API's description holds it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Text that trips programs: no text at all, names of a prototype, halves and joiners of characters, direction marks, path and query signs. */
export const odd = fc.constantFrom('', ' ', '__proto__', 'constructor', '\u0000', '\ud800', '\u202e', 'e\u0301\u0301', '\u{1f469}\u200d\u{1f467}', '..', '%00', '%', 'a/b', 'NaN', '1e400', "'; DROP TABLE ops_event; --", '=1+1', '${x}', '\r\nX: y', '\ufeff');

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'date-time': fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString()),
  date: fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  uuid: fc.uuid(),
  uri: fc.webUrl(),
  email: fc.emailAddress(),
};

const number = (schema: JsonSchema, name: string): number | undefined => schema[name] as number | undefined;
const list = (schema: JsonSchema, name: string): JsonSchema[] | undefined => schema[name] as JsonSchema[] | undefined;

/** Values that a schema allows, as far as it says; a value that must fit is checked by a validator. */
export function valuesOf(schema: JsonSchema, root: JsonSchema = schema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if (typeof schema['$ref'] === 'string') return valuesOf(schema['$ref'].slice(2).split('/').filter(Boolean).reduce<JsonSchema>((at, key) => at[key] as JsonSchema, root), root);
  const choices = list(schema, 'anyOf') ?? list(schema, 'oneOf');
  if (choices) return fc.oneof(...choices.map((choice) => valuesOf(choice, root)));
  const all = list(schema, 'allOf');
  if (all) return fc.tuple(...all.map((part) => valuesOf(part, root))).map((parts) => Object.assign({}, ...parts) as unknown);
  if (Array.isArray(schema['type'])) return fc.oneof(...(schema['type'] as string[]).map((type) => valuesOf({ ...schema, type }, root)));
  return ofType(schema, root);
}

function ofType(schema: JsonSchema, root: JsonSchema): fc.Arbitrary<unknown> {
  switch (schema['type']) {
    case 'null': return fc.constant(null);
    case 'boolean': return fc.boolean();
    case 'integer': return fc.integer({ min: Math.max(number(schema, 'minimum') ?? -1_000, -2_147_483_648), max: Math.min(number(schema, 'maximum') ?? 100_000, 2_147_483_647) });
    case 'number': return fc.double({ min: number(schema, 'minimum') ?? number(schema, 'exclusiveMinimum') ?? -1e6, max: number(schema, 'maximum') ?? number(schema, 'exclusiveMaximum') ?? 1e6, noNaN: true });
    case 'string': return textOf(schema);
    case 'array': return arrayOf(schema, root);
    case 'object': return objectOf(schema, root);
    default: return fc.jsonValue({ maxDepth: 2 });
  }
}

function textOf(schema: JsonSchema): fc.Arbitrary<string> {
  const { format, pattern } = schema as { format?: string; pattern?: string };
  const known = format === undefined ? undefined : FORMATS[format];
  if (known) return known;
  if (pattern !== undefined && !/\(\?[=!<]/.test(pattern)) return fc.stringMatching(new RegExp(pattern, 'u'));
  const minLength = number(schema, 'minLength') ?? 0;
  const length = { minLength, maxLength: Math.max(minLength, Math.min(number(schema, 'maxLength') ?? 40, 200)) };
  return fc.oneof({ weight: 3, arbitrary: fc.string({ ...length, unit: fc.constantFrom(...'abcxyz0189-') }) }, { weight: 1, arbitrary: fc.string({ ...length, unit: 'grapheme' }) });
}

function arrayOf(schema: JsonSchema, root: JsonSchema): fc.Arbitrary<unknown[]> {
  const length = { minLength: number(schema, 'minItems') ?? 0, maxLength: Math.min(number(schema, 'maxItems') ?? 3, 5) };
  const places = list(schema, 'prefixItems');
  return places ? fc.tuple(...places.map((place) => valuesOf(place, root))) : fc.array(valuesOf((schema['items'] as JsonSchema | undefined) ?? {}, root), length);
}

function objectOf(schema: JsonSchema, root: JsonSchema): fc.Arbitrary<object> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (schema['required'] ?? []) as string[];
  const known = fc.record(Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, valuesOf(part, root)])), { requiredKeys: required as never[] });
  const more = schema['additionalProperties'];
  if (typeof more !== 'object' || more === null) return known;
  const keys = (schema['propertyNames'] as JsonSchema | undefined) ?? {};
  return fc.tuple(fc.dictionary(textOf(keys), valuesOf(more as JsonSchema, root), { maxKeys: 2 }), known).map(([others, own]) => ({ ...others, ...own }));
}

/** A value with one place of it made odd: another type, a key too many, a key less, odd text. */
export const spoilt = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.tuple(values, fc.nat(), fc.nat(), odd).map(([value, way, at, text]) => spoil(value, way, at, text));

function spoil(value: unknown, way: number, at: number, text: string): unknown {
  if (typeof value !== 'object' || value === null) return [text, [], { [text]: value }, null, -1e300, true][way % 6];
  if (Array.isArray(value)) return way % 3 === 0 || value.length === 0 ? { length: text } : value.map((item, i) => (i === at % value.length ? spoil(item, way, at, text) : item) as unknown);
  const entries = Object.entries(value as Record<string, unknown>);
  const place = entries.length > 0 ? at % entries.length : 0;
  if (way % 4 === 0 || entries.length === 0) return Object.fromEntries([...entries, [text, text]]);
  if (way % 4 === 1) return Object.fromEntries(entries.filter((_, i) => i !== place));
  return Object.fromEntries(entries.map(([key, item], i) => [key, i === place ? spoil(item, way >> 2, at >> 1, text) : item]));
}
