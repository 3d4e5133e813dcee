import { extname, join, resolve, sep } from 'node:path';

export const SCHEME = 'vigil';
const HOST = 'wall';
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`;

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export const typeOf = (file: string): string => TYPES[extname(file)]!;

/**
 * The file that an address names, or undefined where it leaves the folder of the page, is malformed or of no known type.
 * @param root folder of the built page
 */
export function fileFor(root: string, address: string): string | undefined {
  let path: string;
  try {
    const url = new URL(address);
    if (url.host !== HOST) return undefined;
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  const file = resolve(join(root, path));
  const inside = file.startsWith(resolve(root) + sep) && !path.includes('\0') && !path.includes('\\');
  return inside && extname(file) in TYPES ? file : undefined;
}
