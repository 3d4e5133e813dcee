import { expect, test } from 'vitest';
import { LiveSite } from '#core/link/live-site.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-01-14T08:00:00Z');
const admitted = envelope('adt.admitted', NOW - 3 * DAY, { encounter: 'V1', patient: { id: 'MRN-1' }, location: { unit: '4E', bed: '1' } }, { id: 'in' });
const discharged = (disposition: string) => envelope('adt.discharged', NOW - DAY, { encounter: 'V1', disposition }, { id: 'out' });

function world() {
  const dataDir = temporaryDir();
  const store = temporaryStore(dataDir);
  let now = NOW;
  const open = () => new LiveSite(storeFiles(dataDir, DEFAULT_SITE).log, DEFAULT_SITE, { mode: 'wall', speed: 1, now: () => now }, new Map());
  return { store, open, to: (time: number) => void (now = time) };
}

test('given a stay that was over when the core started, when it is long ago, then memory lets go of it', () => {
  const { store, open, to } = world();
  apply(store, [admitted, discharged('home')]);
  const site = open();
  const stays = () => site.house.all('encounter').size;
  site.forgetClosed();
  expect(stays()).toBe(1);
  to(NOW + 5 * DAY);
  site.forgetClosed();
  expect(stays()).toBe(0);
});

test('given a stay that is over, when another body of its end comes to count, then it stays in memory as long as any', () => {
  const { store, open } = world();
  apply(store, [admitted, discharged('home')]);
  const site = open();
  for (let i = 0; i < 20; i++) site.apply(apply(store, [discharged(`place ${i}`)]));
  site.forgetClosed();
  expect(site.house.all('encounter').size).toBe(1);
});
