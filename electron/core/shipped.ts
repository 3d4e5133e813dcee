import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A folder that ships beside the code: found upwards from the bundle and from the source tree alike; undefined if absent. */
export function shipped(name: 'resources' | 'floorplans' | 'out/renderer'): string | undefined {
  for (let dir = import.meta.dirname; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) {
      const found = join(dir, name);
      return existsSync(found) ? found : undefined;
    }
    if (dir === dirname(dir)) return undefined;
  }
}

/** Every file below a folder. */
export function listFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
