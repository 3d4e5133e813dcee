import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { fileOf } from '#shared/api/exports.ts';
import type { StreamedFile } from './file-stream.ts';
import { SCHEME, fileFor, typeOf } from './page-file.ts';

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

/** Must run before the app is ready. A standard scheme has an origin, so that 'self' in the content policy means it. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

/** To be saved, not shown. */
function attached(file: StreamedFile | undefined): Response {
  if (!file) return refuse(404);
  return new Response(file.bytes, { headers: { ...HEADERS, 'Content-Type': file.media, 'Content-Disposition': `attachment; filename="${file.name}"`, 'Cache-Control': 'no-store' } });
}

const refuse = (status: number): Response => new Response(null, { status, headers: HEADERS });

/** Serves the built page and the files that its core has made for it, and nothing else, under the custom scheme. */
export function serveScheme(root: string, madeFile: (id: string) => Promise<StreamedFile | undefined>): void {
  protocol.handle(SCHEME, async (request) => {
    if (request.method !== 'GET') return refuse(405);
    const made = fileOf(new URL(request.url).pathname);
    if (made !== undefined) return attached(await madeFile(made));
    const file = fileFor(root, request.url);
    if (!file) return refuse(404);
    try {
      return new Response(new Uint8Array(await readFile(file)), { headers: { ...HEADERS, 'Content-Type': typeOf(file) } });
    } catch {
      return refuse(404);
    }
  });
}
