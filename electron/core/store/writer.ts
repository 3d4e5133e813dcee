import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { canonical } from '#shared/config/difference.ts';
import type { SiteConfig } from '#shared/site.ts';
import type { RawMessage } from '../ingest/message.ts';
import { Asks } from './asks.ts';
import { isDamage, markDamaged } from './damage.ts';
import { isDiskTrouble, storeTrouble } from './disk-trouble.ts';
import type { Outcome } from './outcome.ts';
import { openRecovering } from './recover.ts';
import { SampleStore } from './samples.ts';
import { SnapshotStore } from './snapshots.ts';
import { ChangedMeanwhile, changeSite, storedSiteConfig, type WantedChange } from './site-config.ts';
import { ingestOptions, type SiteStore } from './site-store.ts';
import { sourceUri } from './sources.ts';
import type { SiteId } from './paths.ts';
import { storeTasks, Upkeep } from './upkeep.ts';
import { UpkeepLoop } from './upkeep-loop.ts';
import type { Answer, Ask, FromWriter, ToWriter, WriterData } from './writer-protocol.ts';

/** Largest transaction: bounds how long a reader waits and what a crash must redo. */
const BATCH_MESSAGES = 4_000;
const RETRY_MS = 500;
const FALLBACK_CHECKPOINT_PAGES = 32_768;
const DAY = 86_400_000;

const port = parentPort!;
const say = (message: FromWriter) => port.postMessage(message);

interface Queued {
  readonly upTo: number;
  readonly messages: RawMessage[];
  readonly now: number;
}

/** The writer thread: owns the write connection of one site, folds, and speaks only after the commit. */
class Writer {
  readonly #store: SiteStore;
  #samples: SampleStore;
  readonly #snapshots: SnapshotStore;
  #queue: Queued[] = [];
  #retry: NodeJS.Timeout | undefined;
  #closing = false;
  #stalled = false;
  #draining = false;
  #upkeep: UpkeepLoop | undefined;
  #site: SiteConfig;
  readonly #id: SiteId;
  readonly #retains: boolean;
  #told = '';
  #joining: boolean;
  readonly #asks: Asks;

  constructor(store: SiteStore, { id, retention = true, joining = false }: WriterData) {
    this.#store = store;
    this.#joining = joining;
    // The keeper thread copies the write-ahead log long before: a commit waits for that only if the keeper is gone.
    store.db.pragma(`wal_autocheckpoint = ${FALLBACK_CHECKPOINT_PAGES}`);
    this.#snapshots = new SnapshotStore(store.db);
    this.#id = id;
    this.#retains = retention;
    this.#site = storedSiteConfig(store.db, id);
    this.#samples = new SampleStore(store.db, this.#site.timezone);
    this.#keepBy(this.#site);
    this.#asks = new Asks(store, { committed: (outcome) => this.#committed(outcome), closing: () => this.#closing });
  }

  #keepBy({ retention, timezone }: SiteConfig): void {
    if (!this.#retains) return;
    this.#upkeep?.stop();
    this.#store.ingest.deadLetters.keepBodyMs = retention.deadLetterBodies * DAY;
    this.#upkeep = new UpkeepLoop(new Upkeep(storeTasks({ ...this.#store, timezone }, retention)), () => this.#retry !== undefined);
  }

  /** Takes one request and everything that has queued behind it, so that one transaction serves them all. */
  receive(first: ToWriter): void {
    this.#take(first);
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) this.#take(next.message as ToWriter);
    if (!this.#retry) this.#drain();
    if (this.#closing) this.#close();
  }

  #take(request: ToWriter): void {
    if (request.t === 'messages') this.#queue.push(request);
    else if (request.t === 'samples') this.#tolerant(() => this.#samples.write(request.points));
    else if (request.t === 'back') this.#back(request.ms);
    else if (request.t === 'tick') {
      this.#tolerant(() => this.#tick(request.now));
      this.#keepUp(request.now);
    } else if (request.t === 'ask') this.#answer(request.id, request.ask, request.now);
    else if (request.t === 'close') this.#closing = true;
  }

  #back(ms: number): void {
    if (!this.#retry) this.#drain();
    this.#tolerant(() => this.#store.ingest.clockBack(ms));
  }

  #drain(): void {
    while (this.#queue.length > 0) {
      const taken: Queued[] = [];
      let size = 0;
      for (const entry of this.#queue) {
        if (taken.length > 0 && size + entry.messages.length > BATCH_MESSAGES) break;
        taken.push(entry);
        size += entry.messages.length;
      }
      const last = taken.at(-1)!;
      try {
        this.#commit(taken.flatMap((entry) => entry.messages), last.now, last.upTo);
        this.#queue = this.#queue.slice(taken.length);
      } catch (error) {
        this.#stall(error);
        this.#retry = setTimeout(() => {
          this.#retry = undefined;
          this.#drain();
        }, RETRY_MS);
        return;
      }
    }
  }

  /** One transaction; where a defect of ours breaks it, one for each message, so that only the culprit is set aside. */
  #commit(messages: RawMessage[], now: number, upTo: number): void {
    const { ingest } = this.#store;
    const committed = (outcome: Outcome, to: number) => this.#committed(outcome, to);
    try {
      committed(ingest.apply(messages, now, true), upTo);
    } catch (error) {
      if (isDiskTrouble(error)) throw error;
      for (const message of messages) {
        try {
          committed(ingest.apply([message], now, true), 0);
        } catch (cause) {
          if (isDiskTrouble(cause)) throw cause;
          committed(ingest.setAside(message, now, cause), 0);
        }
      }
      committed(ingest.apply([], now, true), upTo);
    }
  }

  #keepUp(now: number): void {
    if (!this.#upkeep || this.#joining) return;
    this.#upkeep.tick(now);
    const { state } = this.#upkeep;
    const text = JSON.stringify(state);
    if (text !== this.#told) say({ t: 'upkeep', state });
    this.#told = text;
  }

  #committed(outcome: Outcome, upTo = 0): void {
    this.#stalled = false;
    say({ t: 'committed', upTo, outcome, deadLetters: this.#store.ingest.deadLetters.count(), dropped: this.#store.ingest.deadLetters.dropped() });
  }

  #stall(error: unknown): void {
    if (isDamage(error)) {
      // Trying again would not mend it: the next start sets the files aside and rebuilds them.
      markDamaged(this.#store.db.name, { problem: (error as Error).message });
      throw error;
    }
    this.#stalled = true;
    say({ t: 'stalled', state: storeTrouble(error), message: (error as Error).message });
  }

  #tick(now: number): void {
    const { ingest } = this.#store;
    // Where nothing comes to be written, nothing else would find out that the disk takes again.
    if (this.#stalled && this.#queue.length === 0) {
      this.#store.db.prepare("INSERT INTO site (key, value) VALUES ('recovered', ?) ON CONFLICT DO UPDATE SET value = excluded.value").run(String(now));
      this.#stalled = false;
      say({ t: 'recovered' });
    }
    const outcome = ingest.release(now);
    if (outcome) this.#committed(outcome);
    if (!this.#draining) this.#drainQuarantine(now);
    const records = ingest.takeChangedSources();
    if (records.length > 0) say({ t: 'sources', records });
  }

  /** What waited for a decision about its source, a step at a time: other sources are served between two. */
  #drainQuarantine(now: number): void {
    this.#draining = false;
    if (this.#closing) return;
    this.#tolerant(() => {
      const outcome = this.#store.ingest.drain(now);
      if (!outcome) return;
      this.#committed(outcome);
      this.#draining = true;
      setImmediate(() => this.#drainQuarantine(now));
    });
  }

  #answer(id: number, ask: Ask, now: number): void {
    const answer = (told: Answer) => say({ t: 'answer', id, answer: told });
    try {
      if (ask.what === 'keep') {
        this.#snapshots.keep(ask.batch);
        return answer({ ok: true });
      }
      if (ask.what === 'configure') return answer({ ok: true, version: this.#configure(ask.change, now) });
      if (ask.what !== 'decide') {
        void this.#asks.answer(ask, now).then((told) => {
          if (ask.what === 'join' && told.ok) this.#joining &&= !ask.whole;
          answer(told);
        });
        return;
      }
      const outcome = this.#store.ingest.decide(ask.uri, ask.decision, now);
      if (!outcome) return answer({ ok: false, problem: `no source ${ask.uri} has been heard or registered` });
      this.#committed(outcome);
      answer({ ok: true });
      if (!this.#draining) this.#drainQuarantine(now);
    } catch (error) {
      // Nobody but health tells of snapshots that the disk refuses.
      if (ask.what === 'keep') this.#stall(error);
      answer({ ok: false, problem: (error as Error).message, ...(error instanceof ChangedMeanwhile ? { stale: true } : {}) });
    }
  }

  /** Puts a site document in force: on disk first, then in what this thread goes by. */
  #configure(change: WantedChange, now: number): number {
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
      this.#tolerant(() => {
        const outcome = ingest.decide(sourceUri(this.#id, source.kind, source.instance), { ...source, by: 'site' }, now);
        if (outcome) this.#committed(outcome);
      });
    }
    if (!this.#draining) this.#drainQuarantine(now);
    return version;
  }

  /** Samples and releases may wait for the next turn; they are not acknowledged to anyone. */
  #tolerant(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#stall(error);
    }
  }

  /** What a refusing disk still holds up is dropped: nobody was told that it is stored. */
  #close(): void {
    clearTimeout(this.#retry);
    this.#upkeep?.stop();
    this.#store.close();
    say({ t: 'closed' });
    port.close();
  }
}

function open(data: WriterData): void {
  try {
    const { store, recovery } = openRecovering(data, Date.now());
    const writer = new Writer(store, data);
    port.on('message', (request: ToWriter) => writer.receive(request));
    say({ t: 'ready', developmentKey: store.developmentKey, deadLetters: store.ingest.deadLetters.count(), ...(recovery ? { recovery } : {}) });
  } catch (error) {
    say({ t: 'unusable', message: (error as Error).message });
    port.close();
  }
}

port.once('message', (first: ToWriter) => {
  if (first.t === 'open') open(first.data);
});
