import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** In the source tree some threads lie in a folder of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = { demo: '../demo/feed.ts', access: '../access/access.ts' };

/** A worker's file: beside the bundle, or as TypeScript in the source tree. */
export function workerFile(name: 'writer' | 'reader' | 'refolder' | 'keeper' | 'demo' | 'access'): string {
  const source = ELSEWHERE[name] ?? `./${name}.ts`;
  const bundled = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  return existsSync(bundled) ? bundled : fileURLToPath(new URL(source, import.meta.url));
}
