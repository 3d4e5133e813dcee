import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AccessStore } from '#core/access/access-store.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { backup } from '#core/store/backup.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { restore } from '#core/store/restore.ts';
import { temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.UTC(2026, 0, 14);
const entry = (action: string) => ({ action, actor: { kind: 'user', name: 'ann', from: '127.0.0.1' }, outcome: 'done', subject: {} }) as const;

async function trail(dataDir: string) {
  const store = new AccessStore(storeFiles(dataDir, DEFAULT_SITE).access, loadSiteKey(DEFAULT_SITE), () => NOW);
  try {
    return { actions: [...store.allAudit()].map(({ action }) => action), ...(await store.verifyAudit()) };
  } finally {
    store.close();
  }
}

test('given a backup with accounts and audit trail, when it is restored, then they come where there are none, and never in place of those that are there', async () => {
  const dataDir = temporaryDir();
  temporaryStore(dataDir).close();
  const access = new AccessStore(storeFiles(dataDir, DEFAULT_SITE).access, loadSiteKey(DEFAULT_SITE), () => NOW);
  access.append([entry('before')]);
  const target = join(temporaryDir(), 'b');
  expect(await backup(dataDir, DEFAULT_SITE, target, NOW)).toMatchObject({ accessSchema: 6 });
  access.append([entry('after')]);
  access.close();
  restore(target, dataDir, NOW, { force: true });
  expect(await trail(dataDir)).toMatchObject({ ok: true, actions: ['before', 'after'] });
  const elsewhere = temporaryDir();
  restore(target, elsewhere, NOW);
  expect(await trail(elsewhere)).toMatchObject({ ok: true, actions: ['before'] });
  rmSync(storeFiles(target, DEFAULT_SITE).access);
  expect(() => restore(target, temporaryDir(), NOW)).toThrow('missing from the backup');
});
