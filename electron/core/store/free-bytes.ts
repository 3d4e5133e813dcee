import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes that are left on the disk of a file. */
export function freeBytes(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file));
  return bavail * bsize;
}
