import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { siteConfigSchema, type SiteConfig } from '#shared/site.ts';

/** Reads a site document (YAML or JSON). Throws an error that names the file, the key and the fault. */
export function readSiteConfig(file: string): SiteConfig {
  let document: unknown;
  try {
    document = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
  const result = siteConfigSchema.safeParse(document);
  if (result.success) return result.data;
  throw new Error(result.error.issues.map((issue) => `${file}: ${issue.path.join('.') || '(document)'}: ${issue.message}`).join('\n'));
}
