import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { layoutSchema, type Layout } from '#shared/layout.ts';

const HEAD = '# Which boards this station shows on which displays. Displays are known by name, size and place.\n';

/** The station's layout; an empty one where there is no file. Throws, naming the field, where the file is not a layout. */
export async function readLayout(file: string): Promise<Layout> {
  if (!existsSync(file)) return layoutSchema.parse({});
  const { parse } = await import('yaml');
  const result = layoutSchema.safeParse(parse(readFileSync(file, 'utf8')) ?? {});
  if (result.success) return result.data;
  throw new Error(`${file} is not a layout:\n${z.prettifyError(result.error)}`);
}

/** Replaces the file whole, so that a loss of power leaves the old or the new one. */
export async function writeLayout(file: string, layout: Layout): Promise<void> {
  const { stringify } = await import('yaml');
  mkdirSync(dirname(file), { recursive: true });
  const written = `${file}.new`;
  writeFileSync(written, HEAD + stringify(layout));
  renameSync(written, file);
}
