import { siteConfigSchema } from '#shared/site.ts';
import { DEFAULT_SEED, beginningOf, clockStart, demoSiteFile, hospitalOf } from '#core/demo/course.ts';
import type { ServeFlags } from '#core/options.ts';
import { readSiteConfig } from '#core/store/site-file.ts';
import { CommandError, EXIT } from './exit.ts';
import { NdjsonFile } from './ndjson-file.ts';
import { progress } from './progress.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Writes the events of `days` simulated days in the order in which they are sent. A scenario begins with the second day. */
export async function writeDemo(file: string, days: number, flags: ServeFlags): Promise<void> {
  if (!(days > 0) || days > 3_660) throw new CommandError(`--days ${days}: write a number of days above 0`, EXIT.usage);
  const site = siteConfigSchema.parse({ ...readSiteConfig(flags.config ?? demoSiteFile()), tenant: flags.tenant, site: flags.site });
  const from = clockStart(flags.day === undefined ? beginningOf(Date.now(), Math.ceil(days), site.timezone) : 0, site.timezone, flags.day, flags.day === undefined ? undefined : '00:00');
  const { seed = DEFAULT_SEED, rate = 1 } = flags;
  const out = await NdjsonFile.open(file);
  const bar = progress('demo');
  let events = 0;
  let batch: string[] = [];
  const hospital = hospitalOf(
    { seed, rate, from, ...(flags.scenario === undefined ? {} : { scenario: { name: flags.scenario, begin: from + DAY_MS } }) },
    site,
    ({ envelope }) => batch.push(JSON.stringify(envelope)),
  );
  const end = hospital.now + days * DAY_MS;
  for (let until = hospital.now; ; until = Math.min(end, until + HOUR_MS)) {
    hospital.run(until);
    for (const line of batch) await out.write(line);
    bar.at((events += batch.length));
    batch = [];
    if (until >= end) break;
  }
  await out.close();
  bar.done(`${events.toLocaleString('en')} events`);
  const answer = `${events} events of ${days} days, seed ${seed}, rate ${rate}\n`;
  (file === '-' ? process.stderr : process.stdout).write(answer);
}
