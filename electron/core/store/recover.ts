import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readManifest, verifyBackup, type BackupManifest } from './backup.ts';
import { clearMark, damageOf, isDamage, markDamaged, suspicion } from './damage.ts';
import type { Ingest } from './ingest.ts';
import { createDataDir, storeFiles, type SiteId } from './paths.ts';
import { rebuild } from './rebuild.ts';
import { asideDir, finishReplacing, incoming, replaceFiles } from './replace.ts';
import { restore } from './restore.ts';
import { copyBaseline, foundEvents, type Found } from './salvage.ts';
import { copyLetters, copySite, copySources, openDamaged, type IsTrue } from './salvage-standing.ts';
import { copyVault, forgetStrays } from './salvage-vault.ts';
import { openSiteStore, takeLock, type SiteStore, type StoreOptions } from './site-store.ts';

/** What was done about a damaged store; also in `report.json` beside the files that were set aside. */
export interface Recovery {
  readonly problem: string;
  /** Wall-clock epoch ms. */
  readonly at: number;
  /** Directory of the damaged files; absent when they turned out sound. */
  readonly setAside?: string;
  /** Moment of the backup it was rebuilt from (epoch ms); null when there was no usable one. */
  readonly backup?: number | null;
  /** Whether all that the site says of itself, its document above all, could be read. */
  readonly site?: boolean;
  /** `partly`: its horizon is known and not all of its states. */
  readonly baseline?: 'kept' | 'none' | 'partly' | 'lost';
  /** Events in the rebuilt log, and those of them that were read out of the damaged one. */
  readonly events?: number;
  readonly salvaged?: number;
  /** Sources in the registry, events of them that wait in quarantine, refused messages, and events that are kept with them. */
  readonly sources?: number;
  readonly waiting?: number;
  readonly letters?: number;
  readonly held?: number;
  readonly persons?: number;
}

export interface RecoverOptions extends StoreOptions {
  /** Where backups lie; `backups` in the data directory without it. */
  readonly backups?: string | undefined;
}

const BATCH = 1_000;

/**
 * Opens a store; one that is damaged is set aside first and rebuilt from the newest sound backup and from what can be
 * read of it. A rebuild that is cut short is begun again at the next start. Throws only what {@link openSiteStore} does,
 * or when there is no room for the rebuild.
 */
export function openRecovering(options: RecoverOptions, now: number): { store: SiteStore; recovery?: Recovery } {
  try {
    return open(options, now);
  } catch (error) {
    // A first look does not see all: what opening finds is looked at whole.
    if (!isDamage(error)) throw error;
    markDamaged(storeFiles(options.dataDir, options.id).log, { problem: (error as Error).message });
    return open(options, now);
  }
}

function open(options: RecoverOptions, now: number): { store: SiteStore; recovery?: Recovery } {
  const { dataDir, id, fresh } = options;
  if (fresh) return { store: openSiteStore(options) };
  const files = storeFiles(dataDir, id);
  createDataDir(dataDir);
  const lock = takeLock(`${files.log}.lock`);
  let recovery: Recovery | undefined;
  try {
    finishReplacing(files);
    const found = suspicion({ log: files.log, vault: options.withVault ? files.vault : undefined });
    if (found) recovery = recover(options, found.problem, now);
  } finally {
    lock.close();
  }
  return { store: openSiteStore(options), ...(recovery ? { recovery } : {}) };
}

/** Rebuilds beside the damaged files, which stay in place until all is there to be put in theirs. */
function recover(options: RecoverOptions, problem: string, now: number): Recovery {
  const { dataDir, id, withVault } = options;
  const files = storeFiles(dataDir, id);
  const damaged = { log: damageOf(files.log) !== undefined, vault: withVault && damageOf(files.vault) !== undefined };
  if (!damaged.log && !damaged.vault) {
    clearMark(files.log);
    return { problem: `${problem}; the files were read through and are sound`, at: now };
  }
  const work = join(dataDir, 'recovering');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { mode: 0o700 });
  const backup = newestBackup(options.backups ?? join(dataDir, 'backups'), id);
  if (backup) restore(backup.dir, work, now);
  const made = storeFiles(work, id);
  const aside = asideDir(dataDir, now);
  const report: Recovery = {
    problem,
    at: now,
    setAside: aside,
    backup: backup?.manifest.taken ?? null,
    ...(damaged.log ? rebuildLog(options, work, backup !== undefined, files.log, now) : {}),
    ...(damaged.vault ? { persons: rebuildVault(options, work, files.vault) } : {}),
  };
  if (withVault) forgetStrays(damaged.log ? made.log : files.log, damaged.vault ? made.vault : files.vault);
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  writeFileSync(join(aside, 'report.json'), `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
  const put = [...(damaged.log ? [files.log] : []), ...(damaged.vault ? [files.vault] : [])];
  for (const file of put) renameSync(join(work, basename(file)), incoming(file));
  replaceFiles(files, { away: put, put, aside });
  rmSync(work, { recursive: true, force: true });
  clearMark(files.log);
  return report;
}

/** The newest backup of this site that is sound. Read through is no more than must be: that takes minutes for each. */
function newestBackup(dir: string, id: SiteId): { dir: string; manifest: BackupManifest } | undefined {
  if (!existsSync(dir)) return undefined;
  const told = readdirSync(dir).flatMap((name) => {
    const manifest = unlessFaulty(() => readManifest(join(dir, name)));
    return manifest?.tenant === id.tenant && manifest.site === id.site ? [{ dir: join(dir, name), manifest }] : [];
  });
  return told.sort((a, b) => b.manifest.taken - a.manifest.taken).find((one) => unlessFaulty(() => verifyBackup(one.dir)));
}

function unlessFaulty(read: () => BackupManifest): BackupManifest | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function rebuildLog(options: RecoverOptions, work: string, fromBackup: boolean, file: string, now: number): Partial<Recovery> {
  const store = openSiteStore({ ...options, dataDir: work, withVault: false, config: undefined, siteFile: undefined });
  const damaged = openDamaged(file);
  try {
    const { db, ingest } = store;
    const isTrue: IsTrue = (event, identity) => ingest.isTrue(event, identity);
    const site = copySite(damaged, db);
    const baseline = fromBackup ? ('kept' as const) : copyBaseline(damaged, db);
    ingest.readHorizon();
    const letters = copyLetters(damaged, db, isTrue);
    const salvaged = adoptAll(ingest, foundEvents(file), now);
    const sources = copySources(damaged, db, isTrue);
    rebuild(db);
    const { n } = db.prepare('SELECT COUNT(*) AS n FROM ops_event').get() as { n: number };
    return { site, baseline, events: n, salvaged, ...sources, ...letters };
  } finally {
    damaged.db.close();
    store.close();
  }
}

function adoptAll(ingest: Ingest, found: Iterable<Found>, now: number): number {
  let [batch, sum]: [Found[], number] = [[], 0];
  const flush = () => {
    sum += ingest.adopt(batch, now).accepted;
    batch = [];
  };
  for (const one of found) if (batch.push(one) >= BATCH) flush();
  flush();
  return sum;
}

function rebuildVault(options: RecoverOptions, work: string, damaged: string): number {
  const store = openSiteStore({ ...options, dataDir: work, withVault: true, config: undefined, siteFile: undefined });
  try {
    copyVault(damaged, store.vault!.db);
    return (store.vault!.db.prepare('SELECT COUNT(*) AS n FROM person').get() as { n: number }).n;
  } finally {
    store.close();
  }
}

/** One line for the log of a core: what happened and where to look. */
export function tell({ problem, setAside: aside, backup, site, events, salvaged, baseline, waiting = 0, held = 0, persons }: Recovery): string {
  if (aside === undefined) return problem;
  const from = backup == null ? 'no sound backup was found' : `from the backup of ${new Date(backup).toISOString()}`;
  const lost = { kept: '', none: '', partly: ', what lay before its events is known in part', lost: ', what lay before its events is lost' }[baseline ?? 'none'];
  const kept = waiting + held > 0 ? `, ${waiting} events in quarantine and ${held} kept with refused messages` : '';
  const document = site === false ? '; the site document could not be read for certain: give --config' : '';
  const log = events === undefined ? '' : `; the log was rebuilt with ${events} events, ${salvaged} of them read out of the damaged file${lost}${kept}${document}`;
  return `the store was damaged (${problem}) and is set aside in ${basename(aside)}: ${from}${log}${persons === undefined ? '' : `; the vault was rebuilt with ${persons} persons`}`;
}
