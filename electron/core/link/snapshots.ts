import type { House } from '../domain/house.ts';
import { KEEP_CLOSED_MS } from '../domain/memory.ts';
import { siteDays } from '../metrics/days.ts';
import { LastWritten } from '../snapshots/changes.ts';
import { isRemembered, isWindowed, kpisOf, periodsEnded, takeKpi, type KpiQuestion } from '../snapshots/kpi.ts';
import { kpiWithoutLost, NONE_LOST, withoutLost, type LostFeeds } from '../snapshots/lost.ts';
import { FAMILIES_OF_A_MOMENT, takeSnapshots } from '../snapshots/take.ts';
import type { SnapshotBatch, Taken } from '../snapshots/taken.ts';

const MINUTE = 60_000;
/** A tick takes this long at most where it can be divided: what is painted meanwhile waits. */
const TICK_MS = 8;
/** How far back late events have the KPIs of their hours and days computed again. */
const KPI_LATE_MS = 48 * 3_600_000;
/** Site time that passes between two ticks of a core that is at work, at the most; in a fast replay it is seconds of the machine. */
const BREAK_MS = 5 * MINUTE;
const BREAK_SECONDS = 5;

export interface PaceOptions {
  /** What was in the store before this core started, by family: only what differs is written again. */
  readonly written?: ReadonlyMap<string, readonly Taken[]>;
  /** When a core last took snapshots, epoch ms; ahead of the clock where that was given back meanwhile. */
  readonly watchedUntil?: number;
  /** Site seconds per second. */
  readonly speed?: number;
  /** Ms of a monotonic clock. */
  readonly elapsed?: () => number;
}

/**
 * When which snapshot is taken: each family once a site minute, one family a tick, so that no tick takes long; one that
 * takes longer than a tick may, less often in proportion. KPIs when their hour or day is over, and again when something
 * of it came late, as far as memory holds what they are made of.
 */
export class SnapshotPace {
  readonly #written = new LastWritten();
  readonly #elapsed: () => number;
  readonly #breakMs: number;
  /** The minute from which on each family is due; 'kpi' for those that were refused. */
  readonly #due = new Map<string, number>();
  /** When each family was last taken, since the clock last went back. */
  readonly #taken = new Map<string, number>();
  /** The latest moment of any snapshot in the store. */
  #watchedUntil: number;
  /** The last time asked for. */
  #now = -Infinity;
  #kpis: KpiQuestion[] = [];
  #kpisUntil: number | undefined;
  #refusedKpis: SnapshotBatch[] = [];
  /** Windows that were left unknown for a lost feed: once it is heard it has told what it had to tell of them. */
  #unheard: KpiQuestion[] = [];
  #late = Infinity;

  constructor({ written = new Map(), watchedUntil = -Infinity, speed = 1, elapsed = () => performance.now() }: PaceOptions = {}) {
    this.#elapsed = elapsed;
    this.#watchedUntil = watchedUntil;
    this.#breakMs = Math.max(BREAK_MS, BREAK_SECONDS * 1_000 * speed);
    for (const [family, taken] of written) this.#written.changed(family, taken);
  }

  /** An event of `time` (epoch ms) has come. */
  happened(time: number): void {
    this.#late = Math.min(this.#late, time);
  }

  /** The store did not take a batch: it is due again in a minute. */
  refused(batch: SnapshotBatch): void {
    const { family, taken, since } = batch;
    if (family === 'kpi') {
      this.#refusedKpis.push(batch);
      this.#due.set(family, Math.floor(this.#now / MINUTE) + 1);
    } else this.#written.refused(family, taken);
    if (since !== undefined) this.#taken.set(family, since);
  }

  /**
   * The next batch that is due at `now` (epoch ms of the site's clock); undefined when nothing is. What rests on a `lost`
   * feed is kept as unknown.
   */
  due(house: House, now: number, lost = NONE_LOST): SnapshotBatch | undefined {
    const { from: hour } = siteDays(house.site.timezone).hourOf(now);
    const passed = now - this.#now;
    this.#now = now;
    if (passed < 0) this.#back(hour, now - passed);
    this.#ask(house, hour, lost, { slept: passed > this.#breakMs });
    const minute = Math.floor(now / MINUTE);
    if (this.#dueFrom('kpi') <= minute && this.#refusedKpis.length > 0) return this.#refusedKpis.shift();
    return this.#kpi(house, lost) ?? this.#moment(house, now, minute, lost);
  }

  /** The clock was given back: what is due in a time to come is due now, and none of the store's newest rows holds. */
  #back(hour: number, from: number): void {
    this.#due.clear();
    this.#taken.clear();
    this.#written.forget();
    this.#watchedUntil = Math.max(this.#watchedUntil, from);
    this.#kpisUntil = hour;
    this.#kpis = this.#kpis.filter(({ span }) => span.to <= hour);
    this.#refusedKpis = this.#refusedKpis.filter(({ at }) => at < hour);
    this.#unheard = this.#unheard.filter(({ span }) => span.to <= hour);
  }

  #moment(house: House, now: number, minute: number, lost: LostFeeds): SnapshotBatch | undefined {
    // Whose turn was longest ago goes first, so that in a fast replay none is left out.
    const [family] = FAMILIES_OF_A_MOMENT.filter((name) => this.#dueFrom(name) <= minute).sort((a, b) => this.#dueFrom(a) - this.#dueFrom(b));
    return family === undefined ? undefined : this.take(house, family, now, lost);
  }

  /** Takes a family of a moment at `now`, be it due or not. */
  take(house: House, family: string, now: number, lost = NONE_LOST): SnapshotBatch {
    const began = this.#elapsed();
    const taken = this.#written.changed(family, withoutLost(house, family, takeSnapshots(house, family, now), now, lost));
    this.#due.set(family, Math.floor(now / MINUTE) + Math.max(1, Math.floor((this.#elapsed() - began) / TICK_MS)));
    const since = this.#taken.get(family) ?? now;
    this.#taken.set(family, now);
    return { family, at: now, ...(since < this.#watchedUntil ? { since } : {}), taken };
  }

  #dueFrom(family: string): number {
    return this.#due.get(family) ?? 0;
  }

  #kpi(house: House, lost: LostFeeds): SnapshotBatch | undefined {
    const [first] = this.#kpis;
    if (!first) return undefined;
    const began = this.#elapsed();
    const taken: Taken[] = [];
    for (let next: KpiQuestion | undefined = first; next?.span === first.span && next.period === first.period; [next] = this.#kpis) {
      taken.push(kpiWithoutLost(takeKpi(house, next), lost));
      if (isWindowed(next) && lost(next.metric).length > 0) this.#unheard.push(next);
      this.#kpis.shift();
      if (this.#elapsed() - began >= TICK_MS) break;
    }
    return { family: 'kpi', at: first.span.from, taken };
  }

  /**
   * Puts down the KPIs of what has ended by `hour`, and those of earlier windows that a late event belongs to or whose
   * feed is heard again. What gauges showed while the core `slept` nobody has seen: the house is of the present.
   */
  #ask(house: House, hour: number, lost: LostFeeds, { slept }: { slept: boolean }): void {
    if (slept) this.#kpis = this.#kpis.filter(isWindowed);
    this.#kpisUntil ??= hour;
    if (hour <= this.#kpisUntil) return;
    const late = Math.max(this.#late, this.#kpisUntil - KPI_LATE_MS);
    const questions = (after: number, until: number) => periodsEnded(house.site.timezone, after, until).flatMap((period) => kpisOf(house, period));
    const canTell = (kpi: KpiQuestion) => (isWindowed(kpi) ? isRemembered(kpi, this.#now - KEEP_CLOSED_MS) : !slept);
    const fresh = questions(this.#kpisUntil, hour).filter(canTell);
    const again = late < this.#kpisUntil ? questions(late, this.#kpisUntil).filter((kpi) => isWindowed(kpi) && canTell(kpi)) : [];
    const heard = this.#unheard.filter((kpi) => lost(kpi.metric).length === 0);
    this.#unheard = this.#unheard.filter((kpi) => !heard.includes(kpi) && kpi.span.to > hour - KPI_LATE_MS);
    this.#kpis = [...this.#kpis, ...fresh, ...again, ...heard.filter(canTell)];
    this.#kpisUntil = hour;
    this.#late = Infinity;
  }
}
