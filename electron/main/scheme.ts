import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { protocol } from 'electron';

const SCHEME = 'vigil';
const HOST = 'wall';
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`;

const CONTENT_POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self' data:"],
  ...["connect-src 'self'", "media-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'none'"],
  ...["frame-src 'none'", "frame-ancestors 'none'", "object-src 'none'"],
].join('; ');

const HEADERS = {
  'Content-Security-Policy': CONTENT_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Must run before the app is ready. A standard scheme has an origin, so that 'self' in the content policy means it. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

const refuse = (status: number): Response => new Response(null, { status, headers: HEADERS });

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

/** Serves the built page, and nothing else, under the custom scheme. */
export function serveScheme(root: string): void {
  protocol.handle(SCHEME, async (request) => {
    if (request.method !== 'GET') return refuse(405);
    const file = fileFor(root, request.url);
    if (!file) return refuse(404);
    try {
      return new Response(new Uint8Array(await readFile(file)), { headers: { ...HEADERS, 'Content-Type': TYPES[extname(file)]! } });
    } catch {
      return refuse(404);
    }
  });
}
