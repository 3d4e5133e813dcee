import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rawMessage } from '#core/ingest/message.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { openSiteStore, type SiteStore } from '#core/store/site-store.ts';
import { loadEvent } from '../fixtures/load-events.ts';

const BATCH = 2_000;
const START = Date.UTC(2026, 0, 14);

/** Makes a store of `events` events in `dir`, 20 ms of event time apart. The caller closes it. */
export function makeStore(dir: string, events: number, tell: (done: number) => void): SiteStore {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const store = openSiteStore({ dataDir: dir, id: DEFAULT_SITE, withVault: true });
  for (let i = 0; i < events; i += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, events - i) }, (_, k) => rawMessage({ payload: Buffer.from(JSON.stringify(loadEvent(i + k, START + (i + k) * 20))), received: START }));
    store.ingest.apply(batch, START, false);
    tell(i + batch.length);
  }
  return store;
}

export const fileOf = (dir: string) => join(dir, 'local.main.db');
