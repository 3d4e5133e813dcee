import { canonical } from '#shared/config/difference.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { CommitLoop } from './commit-loop.ts';
import type { SiteId } from './paths.ts';
import { SampleStore } from './samples.ts';
import { changeSite, storedSiteConfig, type WantedChange } from './site-config.ts';
import { ingestOptions, type SiteStore } from './site-store.ts';
import { sourceUri } from './sources.ts';
import { storeTasks, Upkeep } from './upkeep.ts';
import { UpkeepLoop } from './upkeep-loop.ts';
import type { FromWriter, WriterData } from './writer-protocol.ts';

const DAY = 86_400_000;

/** The site document in force, and what the writer thread does by it: retention, sources, the days of samples. */
export class SiteInForce {
  readonly #store: SiteStore;
  readonly #commits: CommitLoop;
  readonly #say: (message: FromWriter) => void;
  readonly #id: SiteId;
  readonly #retains: boolean;
  #site: SiteConfig;
  #samples: SampleStore;
  #upkeep: UpkeepLoop | undefined;
  #told = '';

  constructor(store: SiteStore, { id, retention = true }: WriterData, commits: CommitLoop, say: (message: FromWriter) => void) {
    this.#store = store;
    this.#commits = commits;
    this.#say = say;
    this.#id = id;
    this.#retains = retention;
    this.#site = storedSiteConfig(store.db, id);
    this.#samples = new SampleStore(store.db, this.#site.timezone);
    this.#keepBy(this.#site);
  }

  get samples(): SampleStore {
    return this.#samples;
  }

  #keepBy({ retention, timezone }: SiteConfig): void {
    if (!this.#retains) return;
    this.#upkeep?.stop();
    this.#store.ingest.deadLetters.keepBodyMs = retention.deadLetterBodies * DAY;
    this.#upkeep = new UpkeepLoop(new Upkeep(storeTasks({ ...this.#store, timezone }, retention)), () => this.#commits.waits);
  }

  /** Lets retention do what is due, and tells what it is at where that changed. */
  keepUp(now: number): void {
    if (!this.#upkeep) return;
    this.#upkeep.tick(now);
    const { state } = this.#upkeep;
    const text = JSON.stringify(state);
    if (text !== this.#told) this.#say({ t: 'upkeep', state });
    this.#told = text;
  }

  /** Puts a site document in force: on disk first, then in what this thread goes by. */
  configure(change: WantedChange, now: number): number {
    const { db, ingest } = this.#store;
    const version = changeSite(db, this.#id, change);
    const before = this.#site;
    const site = (this.#site = storedSiteConfig(db, this.#id));
    ingest.configure(ingestOptions(site));
    if (site.timezone !== before.timezone) this.#samples = new SampleStore(db, site.timezone);
    if (site.timezone !== before.timezone || canonical(site.retention) !== canonical(before.retention)) this.#keepBy(site);
    const known = new Set(before.sources.map((source) => canonical(source)));
    for (const source of site.sources) {
      if (known.has(canonical(source))) continue;
      // The document is in force whatever the disk says now; the next start registers what is missing.
      this.#commits.tolerant(() => {
        const outcome = ingest.decide(sourceUri(this.#id, source.kind, source.instance), { ...source, by: 'site' }, now);
        if (outcome) this.#commits.committed(outcome);
      });
    }
    return version;
  }

  stop(): void {
    this.#upkeep?.stop();
  }
}
