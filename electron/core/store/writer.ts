import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { Asks } from './asks.ts';
import { ChangedMeanwhile } from './changed-meanwhile.ts';
import { CommitLoop } from './commit-loop.ts';
import { openRecovering } from './recover.ts';
import { SiteInForce } from './site-in-force.ts';
import type { SiteStore } from './site-store.ts';
import { SnapshotStore } from './snapshots.ts';
import type { Answer, Ask, FromWriter, ToWriter, WriterData } from './writer-protocol.ts';

const FALLBACK_CHECKPOINT_PAGES = 32_768;

const port = parentPort!;
const say = (message: FromWriter) => port.postMessage(message);

/** The writer thread: owns the write connection of one site, folds, and speaks only after the commit. */
class Writer {
  readonly #store: SiteStore;
  readonly #commits: CommitLoop;
  readonly #site: SiteInForce;
  readonly #snapshots: SnapshotStore;
  readonly #asks: Asks;
  #closing = false;
  #draining = false;
  #joining: boolean;

  constructor(store: SiteStore, data: WriterData) {
    this.#store = store;
    this.#joining = data.joining ?? false;
    // The keeper thread copies the write-ahead log long before: a commit waits for that only if the keeper is gone.
    store.db.pragma(`wal_autocheckpoint = ${FALLBACK_CHECKPOINT_PAGES}`);
    this.#snapshots = new SnapshotStore(store.db);
    this.#commits = new CommitLoop(store, say);
    this.#site = new SiteInForce(store, data, this.#commits, say);
    this.#asks = new Asks(store, { committed: (outcome) => this.#commits.committed(outcome), closing: () => this.#closing });
  }

  /** Takes one request and everything that has queued behind it, so that one transaction serves them all. */
  receive(first: ToWriter): void {
    this.#take(first);
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) this.#take(next.message as ToWriter);
    if (!this.#commits.waits) this.#commits.drain();
    if (this.#closing) this.#close();
  }

  #take(request: ToWriter): void {
    if (request.t === 'messages') this.#commits.push(request);
    else if (request.t === 'samples') this.#commits.tolerant(() => this.#site.samples.write(request.points));
    else if (request.t === 'back') this.#back(request.ms);
    else if (request.t === 'tick') {
      this.#commits.tolerant(() => this.#tick(request.now));
      if (!this.#joining) this.#site.keepUp(request.now);
    } else if (request.t === 'ask') this.#answer(request.id, request.ask, request.now);
    else if (request.t === 'close') this.#closing = true;
  }

  #back(ms: number): void {
    if (!this.#commits.waits) this.#commits.drain();
    this.#commits.tolerant(() => this.#store.ingest.clockBack(ms));
  }

  #tick(now: number): void {
    const { ingest } = this.#store;
    this.#commits.tryDisk(now);
    const outcome = ingest.release(now);
    if (outcome) this.#commits.committed(outcome);
    if (!this.#draining) this.#drainQuarantine(now);
    const records = ingest.takeChangedSources();
    if (records.length > 0) say({ t: 'sources', records });
  }

  /** What waited for a decision about its source, a step at a time: other sources are served between two. */
  #drainQuarantine(now: number): void {
    this.#draining = false;
    if (this.#closing) return;
    this.#commits.tolerant(() => {
      const outcome = this.#store.ingest.drain(now);
      if (!outcome) return;
      this.#commits.committed(outcome);
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
      if (ask.what === 'configure') {
        const version = this.#site.configure(ask.change, now);
        if (!this.#draining) this.#drainQuarantine(now);
        return answer({ ok: true, version });
      }
      if (ask.what !== 'decide') {
        void this.#asks.answer(ask, now).then((told) => {
          if (ask.what === 'join' && told.ok) this.#joining &&= !ask.whole;
          answer(told);
        });
        return;
      }
      const outcome = this.#store.ingest.decide(ask.uri, ask.decision, now, ask.from);
      if (!outcome) return answer({ ok: false, problem: `no source ${ask.uri} has been heard or registered` });
      this.#commits.committed(outcome);
      answer({ ok: true, source: outcome.registrations.find(({ uri }) => uri === ask.uri) });
      if (!this.#draining) this.#drainQuarantine(now);
    } catch (error) {
      // Nobody but health tells of snapshots that the disk refuses.
      if (ask.what === 'keep') this.#commits.stall(error);
      answer({ ok: false, problem: (error as Error).message, ...(error instanceof ChangedMeanwhile ? { stale: true } : {}) });
    }
  }

  /** What a refusing disk still holds up is dropped: nobody was told that it is stored. */
  #close(): void {
    this.#commits.stop();
    this.#site.stop();
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
