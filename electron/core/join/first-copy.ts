import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSiteKey } from '../ingest/site-key.ts';
import { faultOfCopy, isEmptyLog } from '../store/copy-log.ts';
import { suspicion } from '../store/damage.ts';
import { LOG_MIGRATIONS } from '../store/migrate.ts';
import { openForReading } from '../store/open.ts';
import { createDataDir, storeFiles, type StoreFiles } from '../store/paths.ts';
import { asideDir, finishReplacing, incoming, replaceFiles } from '../store/replace.ts';
import { takeLock, type StoreOptions } from '../store/site-store.ts';
import { BadCopy, downloadCopy, type CopyAsked } from './hub-copy.ts';
import { hubPage, HubRefusal, reasonOf, TRIMMED } from './hub-log.ts';

const RETRY_MS = 2_000;
const TELL_MS = 2_000;
const MB = 1e6;

/**
 * Before the store is opened: where it is empty and the hub has trimmed its log, puts a copy of that in its place. An
 * interrupted copy is begun anew. Waits for a hub that cannot be reached or is busy; one that refuses is left to the
 * joining, whose state health shows. Throws, saying what to do, where hub and station do not fit, or without room.
 */
export async function takeFirstCopy(url: string, { dataDir, id, keyFile }: Pick<StoreOptions, 'dataDir' | 'id' | 'keyFile'>, log: (line: string) => void): Promise<void> {
  const { fingerprint: key } = loadSiteKey(id, keyFile);
  const asked: CopyAsked = { url, token: process.env['VIGIL_TOKEN'], id, key };
  createDataDir(dataDir);
  const files = storeFiles(dataDir, id);
  const lock = takeLock(`${files.log}.lock`);
  try {
    finishReplacing(files);
    if (!isEmpty(files) || !(await hasTrimmed(asked, log))) return;
    await persist(() => download(asked, files, log), url, log);
    replaceFiles(files, { away: existsSync(files.log) ? [files.log] : [], put: [files.log], aside: asideDir(dataDir, Date.now()) });
    log(`the log of ${url} is here, as it was when it was copied; what came since is read from it now`);
  } finally {
    lock.close();
  }
}

/** A store that is damaged is not empty: what can be read of it is for its recovery. */
function isEmpty({ log }: StoreFiles): boolean {
  if (!existsSync(log)) return true;
  if (suspicion({ log })) return false;
  const db = openForReading(log);
  try {
    return isEmptyLog(db);
  } finally {
    db.close();
  }
}

/** Whether the hub's log can no longer be read from its beginning. */
async function hasTrimmed({ url, token }: CopyAsked, log: (line: string) => void): Promise<boolean> {
  const { signal } = new AbortController();
  return persist(async () => {
    try {
      await hubPage(url, token, { after: 0, check: null, baseline: null }, signal);
      return false;
    } catch (error) {
      if (error instanceof HubRefusal && error.status < 500) return error.status === TRIMMED;
      throw error;
    }
  }, url, log);
}

/** Tries until it succeeds, or fails for a reason that waiting does not mend. */
async function persist<T>(work: () => Promise<T>, url: string, log: (line: string) => void): Promise<T> {
  for (let told = ''; ; ) {
    try {
      return await work();
    } catch (error) {
      const lasting = error instanceof HubRefusal ? error.status < 500 : !(error instanceof BadCopy || isNetwork(error as Error));
      if (lasting) throw error instanceof HubRefusal ? new Error(`The hub at ${url} cannot be joined: ${error.message}`, { cause: error }) : error;
      const why = reasonOf(error as Error);
      if (why !== told) log(`this station is empty and waits for the hub at ${url}: ${why}`);
      told = why;
      await sleep(RETRY_MS);
    }
  }
}

/** What fetch throws, and what a connection that broke off does to its reader (https://undici.nodejs.org/#/docs/api/Errors). */
const isNetwork = (error: Error): boolean => (error instanceof TypeError && error.cause !== undefined) || error.name === 'TimeoutError' || /^(UND_ERR|ECONN|EPIPE|ETIMEDOUT|ERR_STREAM_PREMATURE_CLOSE)/.test(String((error as { code?: unknown }).code));

async function download(asked: CopyAsked, files: StoreFiles, log: (line: string) => void): Promise<void> {
  const file = incoming(files.log);
  const { url } = asked;
  let told = -Infinity;
  log(`the hub at ${url} has trimmed its log, and this station is empty: it begins with a copy`);
  try {
    await downloadCopy(asked, file, (bytes, of) => {
      if (bytes < of && performance.now() - told < TELL_MS) return;
      told = performance.now();
      log(`copying the log of ${url}: ${(bytes / MB).toFixed(1)} of ${(of / MB).toFixed(1)} MB`);
    });
    const fault = check(file, asked.key);
    if (fault !== undefined) throw new HubRefusal(422, `the copy of its log cannot be used: ${fault}`);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

function check(file: string, key: string): string | undefined {
  const db = openForReading(file);
  try {
    return faultOfCopy(db, key, LOG_MIGRATIONS.length);
  } finally {
    db.close();
  }
}
