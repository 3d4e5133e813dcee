import { z } from 'zod';
import { parametersSchema } from './hospital/parameters.ts';
import type { Parameters } from './hospital/parameters.ts';

/** Data sets that values are fitted to. */
export const DATA_SETS = ['sepsis-log', 'or-cases', 'mimic-iv-demo', 'hospital-billing'] as const;
export type DataSet = (typeof DATA_SETS)[number];

const dataSet = z.strictObject({ title: z.string(), by: z.string(), link: z.string(), licence: z.string() });

/** A value and where it comes from. `unit` names that of the value, or of its parts in turn. */
export const documentedSchema = z
  .strictObject({
    value: z.unknown(),
    unit: z.string().min(1),
    from: z.enum([...DATA_SETS, 'assumed']),
    /** Observations that the value rests on. */
    n: z.int().positive().optional(),
    note: z.string().min(1).optional(),
  })
  .refine((entry) => (entry.from === 'assumed' ? entry.note !== undefined : entry.n !== undefined), {
    message: 'a fitted value has its n, an assumed one a note that says why',
  });
export type Documented = z.infer<typeof documentedSchema>;

/** The parameter file: its data sets, then the tree of `hospital/parameters.ts` whose leaves, or branches, are documented. */
const fileSchema = z.looseObject({ sources: z.record(z.enum(DATA_SETS), dataSet) });

export class ParameterError extends Error {}

/**
 * The values of a parameter file.
 * @param document the parsed YAML
 * @throws ParameterError that names each place and what is wrong there
 */
export function readParameters(document: unknown): Parameters {
  const { sources: _, ...tree } = checked(fileSchema, document);
  return checked(parametersSchema, unwrap(tree, '', () => undefined));
}

/** Every documented value of a parameter file by its path, such as `ed.triage`. */
export function documentedValues(document: unknown): Map<string, Documented> {
  const { sources: _, ...tree } = checked(fileSchema, document);
  const found = new Map<string, Documented>();
  unwrap(tree, '', (path, entry) => found.set(path, entry));
  return found;
}

const isDocumented = (node: object): boolean => 'value' in node && 'unit' in node;

function unwrap(node: unknown, path: string, found: (path: string, entry: Documented) => void): unknown {
  // A name is no measurement.
  if (typeof node === 'string') return node;
  if (typeof node !== 'object' || node === null) throw new ParameterError(`${path}: no unit and no origin is given`);
  if (isDocumented(node)) {
    const entry = checked(documentedSchema, node, path);
    found(path, entry);
    return entry.value;
  }
  const within = (key: string) => (path === '' ? key : `${path}.${key}`);
  if (Array.isArray(node)) return node.map((child, i) => unwrap(child, within(String(i)), found));
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, unwrap(child, within(key), found)]));
}

function checked<T extends z.ZodType>(schema: T, value: unknown, path = ''): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${[path, ...issue.path].filter((part) => part !== '').join('.')}: ${issue.message}`);
  throw new ParameterError(lines.join('\n'));
}

