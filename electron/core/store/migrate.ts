import type { Db } from './open.ts';
import { firstLight } from './migrations/001-first-light.ts';
import { heldEvents } from './migrations/002-held-events.ts';
import { baselines } from './migrations/003-baselines.ts';
import { snapshotsAndRollups } from './migrations/004-snapshots-and-rollups.ts';
import { quarantinedFacts, sourceRegistry } from './migrations/005-sources.ts';
import { bedUses } from './migrations/006-bed-uses.ts';
import { siteChanges } from './migrations/007-site-changes.ts';
import { biViews } from './migrations/008-bi-views.ts';
import { eventMarks } from './migrations/009-event-marks.ts';
import { mergedRecords } from './migrations/010-merged-records.ts';
import { roomReasons } from './migrations/011-room-reasons.ts';
import { sourceTypes } from './migrations/012-source-types.ts';
import { positionsRise } from './migrations/013-positions-rise.ts';
import { vaultFirst } from './migrations/vault-001.ts';
import { vaultRetention } from './migrations/vault-retention.ts';

export const LOG_MIGRATIONS: readonly string[] = [firstLight, heldEvents, baselines, snapshotsAndRollups, sourceRegistry, bedUses, siteChanges, biViews, eventMarks, mergedRecords, roomReasons, sourceTypes, positionsRise];
export const VAULT_MIGRATIONS: readonly string[] = [vaultFirst, vaultRetention, quarantinedFacts];

/**
 * Brings a database to the newest schema; each step commits by itself, so a crash between two leaves a valid file.
 * Throws if the file was written by a newer Vigil.
 */
export function migrate(db: Db, migrations: readonly string[]): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length) {
    throw new Error(`${db.name} has schema ${version}; this Vigil knows ${migrations.length}. Start the newer Vigil that wrote it.`);
  }
  for (let step = version; step < migrations.length; step++) {
    db.transaction(() => {
      db.exec(migrations[step]!);
      db.pragma(`user_version = ${step + 1}`);
    })();
  }
}
