import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { checkSite, type Fault } from '#shared/config/check.ts';
import type { SiteDocument } from '#shared/config/settings.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { SiteFile } from './site-config.ts';

/** Reads a site document (YAML or JSON). Throws an error that names the file, the key and the fault. */
export const readSiteConfig = (file: string): SiteConfig => readSiteFile(file).site;

/** Reads a site document: as it is written, and with its defaults. Throws an error that names the file, the key and the fault. */
export function readSiteFile(file: string): SiteFile & { readonly site: SiteConfig } {
  const document = parseFile(file);
  const checked = checkSite(document);
  if (checked.ok) return { path: resolve(file), document: document as SiteDocument, site: checked.site };
  throw new Error(checked.faults.map((fault) => tellFault(file, fault)).join('\n'));
}

/** YAML or JSON of a file. Throws an error that names the file and the place. */
export function parseFile(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

export const tellFault = (where: string, { path, message }: Fault): string => `${where}: ${path || '(document)'}: ${message}`;
