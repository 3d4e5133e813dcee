import { kpisOf, takeKpi } from '../snapshots/kpi.ts';
import { FAMILIES_OF_A_MOMENT, takeSnapshots } from '../snapshots/take.ts';
import type { ViewContext } from '../views/context.ts';
import { trendSeries } from '../views/trend-series.ts';
import { views } from '../views/views.ts';
import { inSteps } from './in-steps.ts';
import type { LiveSite } from './live-site.ts';
import { sample } from './sampler.ts';

/** A small site is whole before anyone looks. */
const FIRST_MS = 40;
/** Work between two pauses: commits and patches wait no longer than that. */
const STEP_MS = 6;
/** How long after everything was looked at memory is looked at again for what closed long ago. */
const FORGET_MS = 10_000;
const HOUR = 3_600_000;

/**
 * Keeps in the live copy what was over lately, in steps between everything else that the network loop does: reads it,
 * then lets go of it as time goes by. `failed` is told what the store said when it cannot be read on; the first step
 * throws. Returns how to stop.
 * @param firstMs how long the first step may take
 */
export function readBehind(site: LiveSite, failed: (error: unknown) => void, firstMs = FIRST_MS): () => void {
  const questions = site.readOn(firstMs) ? [] : askedOfAll(site);
  const stop = inSteps(() => {
    const question = questions.shift();
    if (question) question();
    else if (site.readOn(STEP_MS) && site.forgetClosed(STEP_MS)) return FORGET_MS;
    return 0;
  }, failed);
  return () => {
    stop();
    site.stopReading();
  };
}

/**
 * What boards, samples, snapshots and KPIs ask of the whole site. A house finds out over everything in memory what a question
 * needs when it is first asked, and keeps it in step from then on: asked while little is there, none takes long.
 */
function askedOfAll(site: LiveSite): (() => void)[] {
  const asking = (ask: (context: ViewContext) => unknown) => () => {
    try {
      ask(site.context());
    } catch {
      // What cannot be computed is told to whoever looks at it, by name and reason.
    }
  };
  return [
    ...[...views.values()].map((view) => asking((context) => view.compute(context, {}))),
    ...FAMILIES_OF_A_MOMENT.map((family) => asking(({ house, now }) => takeSnapshots(house, family, now))),
    asking(({ house, now }) => sample(house, trendSeries(house, now), now)),
    ...kpisOf(site.house, { period: 'day', span: { from: site.eventTime - HOUR, to: site.eventTime } }).map((kpi) => asking(({ house }) => takeKpi(house, kpi))),
  ];
}
