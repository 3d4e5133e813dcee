import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { API_BASE } from '#shared/api/operation.ts';
import { copyLog, DIGEST_HEADER } from '#shared/api/log.ts';
import { freeBytes } from '../store/free-bytes.ts';
import type { SiteId } from '../store/paths.ts';
import { bearer, refusalOf } from './hub-log.ts';

/** A hub that says nothing for so long has gone: while it makes the copy it answers that it does. */
const SILENT_MS = 60_000;

/** The transfer broke off, or what came is not what was sent. */
export class BadCopy extends Error {}

export interface CopyAsked {
  readonly url: string;
  readonly token: string | undefined;
  readonly id: SiteId;
  /** Fingerprint of this station's site key. */
  readonly key: string;
}

/**
 * Downloads a copy of the hub's log into `file`, and holds it against the length and SHA-256 that the hub told.
 * @param seen told how many of how many bytes are here
 * @throws HubRefusal for any answer but a file; BadCopy for one that is not whole; otherwise what network or disk say
 */
export async function downloadCopy({ url, token, id, key }: CopyAsked, file: string, seen: (bytes: number, of: number) => void): Promise<void> {
  const gone = new AbortController();
  let patience: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(patience);
    patience = setTimeout(() => gone.abort(new BadCopy('the hub has fallen silent')), SILENT_MS);
  };
  try {
    wait();
    const response = await fetch(new URL(`${API_BASE}${copyLog.path}?${new URLSearchParams({ ...id, key })}`, url), { headers: bearer(token), redirect: 'error', signal: gone.signal });
    if (!response.ok || !response.body) throw await refusalOf(response);
    const bytes = Number(response.headers.get('content-length'));
    const digest = /^sha-256=:(.+):$/.exec(response.headers.get(DIGEST_HEADER) ?? '')?.[1];
    if (!(bytes > 0) || digest === undefined) throw new BadCopy('it sent something else than a copy of its log: is this the address of a Vigil, and of this version?');
    room(file, bytes);
    wait();
    const hash = createHash('sha256');
    let here = 0;
    await pipeline(Readable.fromWeb(response.body as ReadableStream<Uint8Array>), async function* (blocks: AsyncIterable<Buffer>) {
      for await (const block of blocks) {
        wait();
        hash.update(block);
        seen((here += block.length), bytes);
        yield block;
      }
    }, createWriteStream(file, { mode: 0o600 }), { signal: gone.signal });
    if (here !== bytes) throw new BadCopy(`the transfer broke off: ${here} of ${bytes} bytes came`);
    if (hash.digest('base64') !== digest) throw new BadCopy('what came is not what the hub sent: the SHA-256 differs');
  } catch (error) {
    throw gone.signal.aborted ? gone.signal.reason : error;
  } finally {
    clearTimeout(patience);
  }
}

function room(file: string, bytes: number): void {
  const free = freeBytes(file);
  if (free < bytes) throw new Error(`${dirname(file)} has no room for the hub's log: ${bytes} bytes are needed, ${free} are free. Make room, or give another --data directory.`);
}
