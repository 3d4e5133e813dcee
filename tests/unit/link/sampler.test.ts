import { expect, test } from 'vitest';
import { LiveSite } from '#core/link/live-site.ts';
import { samplePresent } from '#core/link/sampler.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const MINUTE = 60_000;
const EHR = '//local/main/ehr/epic-1';
const LAB = '//local/main/lis/sysmex';

test('given a feed that falls silent, when minutes are sampled, then what rests on it is unknown from its limit on and the rest goes on, until it speaks again', () => {
  const dataDir = temporaryDir();
  const store = temporaryStore(dataDir);
  let now = NOW;
  const tell = (source: string, instance: string, kind = 'source.heartbeat', more = {}) => envelope(kind, now, { instance, ...more }, { source, id: `${source} ${kind} ${now}` });
  apply(
    store,
    [
      tell(EHR, 'epic-1', 'source.registered', { intervalSeconds: 60, silenceLimitSeconds: 300 }),
      tell(LAB, 'sysmex', 'source.registered', { intervalSeconds: 60, silenceLimitSeconds: 300 }),
      envelope('adt.admitted', now, { encounter: 'V1', patient: { id: 'MRN-1' }, location: { unit: '4E', bed: '1' } }, { source: EHR, id: 'in' }),
      envelope('lab.order-created', now, { order: 'L1', test: 'K', priority: 'STAT' }, { source: LAB, id: 'order' }),
    ],
    { now, live: true },
  );
  const site = new LiveSite(storeFiles(dataDir, DEFAULT_SITE).log, DEFAULT_SITE, { mode: 'wall', speed: 1, now: () => now }, new Map());
  site.readOn();
  const hear = (source: string, instance: string) => site.apply(apply(store, [tell(source, instance)], { now, live: true }));
  const values = () => {
    const points = new Map(samplePresent(site.context(), now).map(([series, , value]) => [series, value]));
    return [points.get('beds.occupied'), points.get('lab.pending')];
  };
  expect(values()).toEqual([1, 1]);
  now += 5 * MINUTE;
  hear(LAB, 'sysmex');
  expect(values()).toEqual([1, 1]);
  now += MINUTE;
  expect(values()).toEqual([null, 1]);
  hear(EHR, 'epic-1');
  expect(values()).toEqual([1, 1]);
});
