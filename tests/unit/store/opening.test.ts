import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { loadEvent } from '../../fixtures/load-events.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

function keyFile(byte: number): string {
  const file = join(temporaryDir(), 'site.key');
  writeFileSync(file, Buffer.alloc(32, byte));
  return file;
}

test('given a store, when it is made, then none but its owner may read its files or its directory', () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const dir = join(temporaryDir(), 'made', 'data');
  const store = temporaryStore(dir);
  apply(store, [loadEvent(0, Date.UTC(2026, 0, 14)), 'not JSON']);
  const open = readdirSync(dir).filter((file) => (statSync(join(dir, file)).mode & 0o077) !== 0);
  expect({ open, dir: (statSync(dir).mode & 0o777).toString(8) }).toEqual({ open: [], dir: '700' });
});

test('given a store made with one key, when it is opened with another, then it is refused and not locked', () => {
  const dataDir = temporaryDir();
  const options = { dataDir, id: DEFAULT_SITE, withVault: true };
  const keyed = { ...options, keyFile: keyFile(1) };
  openSiteStore(keyed).close();
  expect(() => openSiteStore(options)).toThrow(/another site key/);
  expect(() => openSiteStore({ ...options, keyFile: keyFile(2) })).toThrow(/another site key/);
  openSiteStore(keyed).close();
});

test.each(['../../elsewhere', 'a/b', '', 'x#', '+'])('given a tenant %j, which is no name, when its store is opened, then it is refused', (tenant) => {
  expect(() => openSiteStore({ dataDir: temporaryDir(), id: { tenant, site: 'main' }, keyFile: keyFile(1), withVault: true })).toThrow(/is no name/);
});
