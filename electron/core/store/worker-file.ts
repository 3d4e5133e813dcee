import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A worker's file: beside the bundle, or as TypeScript in the source tree. */
export function workerFile(name: 'writer' | 'reader' | 'keeper' | 'demo'): string {
  // In the source tree the demo hospital's thread lies in a folder of its own.
  const source = name === 'demo' ? '../demo/feed.ts' : `./${name}.ts`;
  const bundled = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  return existsSync(bundled) ? bundled : fileURLToPath(new URL(source, import.meta.url));
}
