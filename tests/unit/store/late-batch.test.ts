import { expect, onTestFinished, test } from 'vitest';
import { siteConfigSchema } from '#shared/site.ts';
import { Entities } from '#core/store/entities.ts';
import { EventLog } from '#core/store/event-log.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { openSiteStore, type SiteStore } from '#core/store/site-store.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const staffing = (time: number, staffedBeds: number) => envelope('unit.staffing-reported', time, { unit: 'MICU', staffedBeds }, { id: `at-${time}` });

/** A store of a site that asks for every event as `ops.event-processed`. */
function tellingStore(): SiteStore {
  const store = openSiteStore({ dataDir: temporaryDir(), id: DEFAULT_SITE, withVault: false, config: siteConfigSchema.parse({ publishOps: { types: ['ops.event-processed'] } }) });
  onTestFinished(() => store.close());
  return store;
}

/** A log that counts how often an entity's events are read. */
class CountingLog extends EventLog {
  reads = 0;
  override ofEntity(...which: Parameters<EventLog['ofEntity']>): ReturnType<EventLog['ofEntity']> {
    this.reads++;
    return super.ofEntity(...which);
  }
}

test.each([['tells', true], ['does not tell', false]])('given a batch that runs backwards and a store that %s of each event, when it is folded, then its events are read once', (_, tells) => {
  const { db } = temporaryStore();
  db.prepare("INSERT INTO ops_event_source (source_id, uri, source, instance) VALUES (1, '//local/main/staff/test', 'staff', 'test')").run();
  const log = new CountingLog(db);
  const entities = new Entities(db, log);
  const told = Array.from({ length: 50 }, () => ({ changed: false }));
  told.forEach((one, i) => {
    const event = { source: '//local/main/staff/test', id: `${i}`, type: 'unit.staffing-reported', time: NOW - i, data: { unit: 'MICU', staffedBeds: i } };
    log.append(1, event, entities.entityId('unit', 'MICU', event.time), Buffer.alloc(32, i), NOW);
    entities.apply('unit', 'MICU', event, tells ? one : undefined);
  });
  expect(entities.flush()).toMatchObject([{ state: { staffedBeds: 0 } }]);
  expect(log.reads).toBe(1);
});

test('given late events, when each is told, then it is told whether the batch changed the entity they speak of', () => {
  const store = tellingStore();
  const changes = (...bodies: unknown[]) => apply(store, bodies, { now: NOW }).ingested.map(({ changed }) => changed);
  expect(changes(staffing(NOW, 9))).toEqual([true]);
  expect(changes(staffing(NOW - 1, 3), staffing(NOW - 2, 4))).toEqual([false, false]);
  expect(changes(staffing(NOW - 3, 3), staffing(NOW + 1, 8))).toEqual([true, true]);
  expect(changes(staffing(NOW + 2, 8))).toEqual([true]);
});

test('given the same events, when one store tells of each and another does not, then both have one state', () => {
  const bodies = Array.from({ length: 40 }, (_, i) => staffing(NOW + ((i * 17) % 40), i));
  const hashes = [tellingStore(), temporaryStore()].map((store) => (apply(store, bodies, { now: NOW }), stateHash(store)));
  expect(hashes[0]).toBe(hashes[1]);
});
