import { shipped } from '../../shipped.ts';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { mappingSchema, type Mapping } from './mapping.ts';
import { MappingError } from './problems.ts';

/** Mappings that come with Vigil. */
export const MAPPINGS_DIR = join(shipped('resources') ?? '.', 'mappings');

/** Names of the mappings that come with Vigil, for help and errors. */
export const shippedMappings = (dir = MAPPINGS_DIR): string[] =>
  existsSync(dir) ? readdirSync(dir).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -5)).sort() : [];

const show = (path: readonly PropertyKey[]) =>
  path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text && '.'}${String(key)}`), '');

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}; remove it or correct its spelling`;
  return issue.message;
}

/** Checks a mapping given as YAML text. @param file name for messages. @throws MappingError naming file, key and what to do. */
export function parseMapping(text: string, file: string): Mapping {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) throw new MappingError(file, '', `is not valid YAML: ${document.errors[0]!.message}`);
  const result = mappingSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const rest = result.error.issues.length - 1;
  throw new MappingError(file, show(issue.path), describe(issue) + (rest > 0 ? ` (and ${rest} more)` : ''));
}

/** Loads a mapping by path, or by the name of one that comes with Vigil. @throws MappingError */
export function loadMapping(nameOrPath: string, dir = MAPPINGS_DIR): { mapping: Mapping; file: string } {
  const shipped = join(dir, `${nameOrPath}.yaml`);
  const path = existsSync(nameOrPath) || !existsSync(shipped) ? nameOrPath : shipped;
  if (!existsSync(path)) {
    throw new MappingError(nameOrPath, '', `no such mapping; give a file or one of ${shippedMappings(dir).join(', ')}`);
  }
  return { mapping: parseMapping(readFileSync(path, 'utf8'), basename(path)), file: basename(path) };
}
