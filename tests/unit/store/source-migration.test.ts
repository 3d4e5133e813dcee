import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LOG_MIGRATIONS, migrate } from '#core/store/migrate.ts';
import { sourceRegistry } from '#core/store/migrations/005-sources.ts';
import { openOptions } from '#core/store/open.ts';
import { readSources } from '#core/store/sources.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

test('given a store from before sources were registered, when it is opened, then each has its contacts, counts and pace', () => {
  const db = new Database(join(temporaryDir(), 'old.db'), openOptions());
  migrate(db, LOG_MIGRATIONS.slice(0, LOG_MIGRATIONS.indexOf(sourceRegistry)));
  db.exec(`
    INSERT INTO ops_event_source (source_id, uri, source, instance, first_contact, last_contact, last_event_time) VALUES (7, '//local/main/ehr/epic-1', 'ehr', 'epic-1', 10, 90, 80);
    INSERT INTO entity (entity_id, kind, id, state, changed) VALUES (1, 'source', 'epic-1', '{"title":"ADT","intervalSeconds":30}', 5);
    INSERT INTO ops_event (source_id, id, type, time, entity, data, hash, received) VALUES (7, 'a', 'source.registered', 5, 1, '{}', x'00', 10), (7, 'b', 'source.heartbeat', 80, 1, '{}', x'00', 90);
    INSERT INTO dead_letter (dead_letter_id, received, reason, detail, source, size, due) VALUES (1, 50, 'ahead-of-clock', '', '//local/main/ehr/epic-1', 9, 1000);
    INSERT INTO held_event (dead_letter_id, event) VALUES (1, '{"id":"c"}');
  `);
  migrate(db, LOG_MIGRATIONS);
  expect(readSources(db)).toEqual([
    {
      uri: '//local/main/ehr/epic-1', kind: 'ehr', instance: 'epic-1', state: 'registered', registeredBy: 'contact', title: 'ADT', intervalSeconds: 30, silenceLimitSeconds: null,
      expectedPerHour: null, firstContact: 10, lastContact: 90, lastEventTime: 80, types: { 'source.registered': 5, 'source.heartbeat': 80 }, lagMs: null, smoothedLagMs: null, accepted: 2, duplicates: 0, refused: 0, waiting: 0,
      waitingBytes: 0, held: 1, heldBytes: 10, overflowed: 0,
    },
  ]);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
});
