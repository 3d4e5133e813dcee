import type { SiteConfig } from '#shared/site.ts';
import { machineNow, sharedClock, wallClock, type Clock, type ClockOrigin } from '../clock/clock.ts';
import type { ServeFlags } from '../options.ts';
import { readSiteConfig } from '../store/site-file.ts';
import type { StoreOptions } from '../store/site-store.ts';
import type { Keys } from '../tls/key-files.ts';
import { DEFAULT_DAYS_HISTORY, DEFAULT_SEED, beginningOf, clockStart, demoSiteFile, readScenario } from './course.ts';
import { startFeed } from './feed-thread.ts';
import { prepareDemo } from './prepare.ts';

export interface OpenedDemo {
  readonly site: SiteConfig;
  readonly clock: Clock;
  /** Starts to publish to a broker what happens from now on. */
  publish(broker: string, keys: Keys): { stop(): Promise<void> };
}

/** Prepares the store of the demo hospital and sets its clock. Throws, saying what to do, for a store that is not its own. */
export async function openDemo(flags: ServeFlags, options: StoreOptions, log: (line: string) => void): Promise<OpenedDemo> {
  if (flags.replay) throw new Error('Give --demo or --replay, not both.');
  const document = readSiteConfig(flags.config ?? demoSiteFile());
  const site = { ...document, ...options.id };
  const scenario = flags.scenario === undefined ? undefined : { name: flags.scenario, title: readScenario(flags.scenario).title };
  const speed = flags.speed ?? 1;
  const live = speed === 1 && flags.day === undefined && flags.begin === undefined;
  const start = clockStart(wallClock.now(), site.timezone, flags.day, flags.begin);
  const course = { seed: flags.seed ?? DEFAULT_SEED, rate: flags.rate ?? 1, from: beginningOf(start, flags.daysHistory ?? DEFAULT_DAYS_HISTORY, site.timezone), ...(scenario ? { scenario: { name: scenario.name, begin: start } } : {}) };
  log(`preparing the demo hospital${scenario ? `: ${scenario.title}` : ''}`);
  const began = performance.now();
  const prepared = await prepareDemo(options, site, { course, start, live });
  log(`${prepared.loaded.toLocaleString('en')} events ${prepared.continued ? 'caught up with' : 'of history loaded'} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  // Real time goes on while the store is made; a clock of its own waits for it.
  const origin: ClockOrigin = { start: live ? undefined : prepared.start, at: machineNow(), speed };
  return {
    site,
    clock: sharedClock(origin),
    publish: (broker, keys) => startFeed({ course: prepared.course, site, start: prepared.start, clock: origin, broker, keys }, (error) => log(`the demo hospital ended: ${error.message}`)),
  };
}
