import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A worker's file: beside the bundle, or as TypeScript in the source tree. */
export function workerFile(name: 'writer' | 'reader' | 'keeper'): string {
  const bundled = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  return existsSync(bundled) ? bundled : fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
}
