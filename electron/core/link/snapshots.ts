import type { House } from '../domain/house.ts';
import { siteDays } from '../metrics/days.ts';
import { LastWritten } from '../snapshots/changes.ts';
import { isWindowed, kpisOf, periodsEnded, takeKpi, type KpiQuestion } from '../snapshots/kpi.ts';
import { FAMILIES_OF_A_MOMENT, takeSnapshots } from '../snapshots/take.ts';
import type { SnapshotBatch, Taken } from '../snapshots/taken.ts';

const MINUTE = 60_000;
/** A tick takes this long at most where it can be divided: what is painted meanwhile waits. */
const TICK_MS = 8;
/** How far back late events have the KPIs of their hours and days computed again; what closed before is no longer in memory. */
export const KPI_LATE_MS = 48 * 3_600_000;

/**
 * When which snapshot is taken: each family once a site minute, one family a tick, so that no tick takes long; one that
 * takes longer than a tick may, less often in proportion. KPIs when their hour or day is over, and again when something
 * of it came late.
 */
export class SnapshotPace {
  readonly #written = new LastWritten();
  /** The minute from which on each family is due. */
  readonly #due = new Map<string, number>();
  readonly #elapsed: () => number;
  #kpis: KpiQuestion[] = [];
  #kpisUntil: number | undefined;
  #late = Infinity;

  /**
   * @param written what was in the store before this core started, by family: only what differs is written again
   * @param elapsed ms of a monotonic clock
   */
  constructor(written: ReadonlyMap<string, readonly Taken[]> = new Map(), elapsed: () => number = () => performance.now()) {
    this.#elapsed = elapsed;
    for (const [family, taken] of written) this.#written.changed(family, taken);
  }

  /** An event of `time` (epoch ms) has come. */
  happened(time: number): void {
    this.#late = Math.min(this.#late, time);
  }

  /** The next batch that is due at `now` (epoch ms of the site's clock); undefined when nothing is. */
  due(house: House, now: number): SnapshotBatch | undefined {
    const kpis = this.#kpi(house, now);
    if (kpis) return kpis;
    const minute = Math.floor(now / MINUTE);
    // Whose turn was longest ago goes first, so that in a fast replay none is left out.
    const [family] = FAMILIES_OF_A_MOMENT.filter((name) => this.#dueFrom(name) <= minute).sort((a, b) => this.#dueFrom(a) - this.#dueFrom(b));
    if (family === undefined) return undefined;
    const began = this.#elapsed();
    const taken = this.#written.changed(family, takeSnapshots(house, family, now));
    this.#due.set(family, minute + Math.max(1, Math.floor((this.#elapsed() - began) / TICK_MS)));
    return { family, at: now, taken };
  }

  #dueFrom(family: string): number {
    return this.#due.get(family) ?? 0;
  }

  #kpi(house: House, now: number): SnapshotBatch | undefined {
    this.#ask(house, now);
    const [first] = this.#kpis;
    if (!first) return undefined;
    const began = this.#elapsed();
    const taken: Taken[] = [];
    for (let next: KpiQuestion | undefined = first; next?.span === first.span && next.period === first.period; [next] = this.#kpis) {
      taken.push(takeKpi(house, next));
      this.#kpis.shift();
      if (this.#elapsed() - began >= TICK_MS) break;
    }
    return { family: 'kpi', at: first.span.from, taken };
  }

  /** Puts down the KPIs of what has ended since, and those of earlier windows that a late event belongs to. */
  #ask(house: House, now: number): void {
    const { timezone } = house.site;
    const hour = siteDays(timezone).hourOf(now).from;
    this.#kpisUntil ??= hour;
    if (hour <= this.#kpisUntil) return;
    const late = Math.max(this.#late, this.#kpisUntil - KPI_LATE_MS);
    const again = late < this.#kpisUntil ? periodsEnded(timezone, late, this.#kpisUntil).flatMap((period) => kpisOf(house, period).filter(isWindowed)) : [];
    const fresh = periodsEnded(timezone, this.#kpisUntil, hour).flatMap((period) => kpisOf(house, period));
    this.#kpis = [...this.#kpis, ...fresh, ...again];
    this.#kpisUntil = hour;
    this.#late = Infinity;
  }
}
