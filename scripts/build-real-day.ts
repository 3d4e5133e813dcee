import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { DateTime } from 'luxon';
import { parse as parseYaml } from 'yaml';
import type { Envelope } from '#shared/events/envelope.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { importTable } from '#core/feeds/table/import-table.ts';
import { loadMapping } from '#core/feeds/table/mapping-file.ts';
import { cleaning, contact, staffing, staysOf, stepDownOrders } from './real-day/construct.ts';
import { dayNumber, OR_DAY, OR_DAY_BEFORE, planStays, SAMPLE_DAY } from './real-day/plan.ts';

const ROOT = join(import.meta.dirname, '..');
const OUT = join(ROOT, 'resources/samples/real-day');
const HOUR = 3_600_000;

const { data } = new Command('build-real-day')
  .description('build the sample day of resources/samples/real-day from MIMIC-IV demo 2.2 and the operating room cases')
  .requiredOption('--data <dir>', 'directory with mimic-iv-demo-2.2/ and or-utilization-2022q1/or_cases.csv')
  .parse()
  .opts<{ data: string }>();

const site = siteConfigSchema.parse(parseYaml(readFileSync(join(ROOT, 'resources/sites/sample.yaml'), 'utf8')));
const mimic = join(data, 'mimic-iv-demo-2.2');
const midnight = DateTime.fromISO(SAMPLE_DAY, { zone: site.timezone });
/** The replay begins with the morning; all before it is history. Laboratory results reach back one more day. */
const replayFrom = midnight.plus({ hours: 6 }).toMillis();
const dayEnd = midnight.plus({ days: 1 }).toMillis();
const labsFrom = midnight.minus({ hours: 12 }).toMillis();

const work = mkdtempSync(join(tmpdir(), 'real-day-'));
const plan = join(work, 'plan.csv');
const orPlan = join(work, 'or-plan.csv');
const shifts = await planStays(join(mimic, 'hosp/transfers.csv.gz'));
writeFileSync(plan, `encounter,days\n${[...shifts].map((entry) => entry.join(',')).join('\n')}\n`);
const orDays = dayNumber(SAMPLE_DAY) - dayNumber(OR_DAY);
const usDate = (day: string) => `${day.slice(5, 7)}/${day.slice(8, 10)}/${day.slice(2, 4)}`;
writeFileSync(orPlan, `date,days\n${[OR_DAY, OR_DAY_BEFORE].map((day) => `${usDate(day)},${orDays}`).join('\n')}\n`);

async function imported(name: string, input: string, planFile = plan): Promise<Envelope[]> {
  const { mapping, file } = loadMapping(join(OUT, `mappings/${name}.yaml`));
  const beds = Object.fromEntries(site.units.map((unit) => [unit.id, unit.beds]));
  const events: Envelope[] = [];
  const summary = await importTable(
    { mapping, mappingFile: file, input, with: { plan: planFile }, beds, onBadRow: ({ line, reason }) => process.stderr.write(`${name}:${line}: ${reason}\n`) },
    (event) => void events.push(event),
  );
  for (const warning of summary.warnings) process.stderr.write(`${name}: ${warning}\n`);
  return events;
}

const placements = await imported('placements', join(mimic, 'hosp/transfers.csv.gz'));
const stays = staysOf(placements);
const orders = await imported('orders', join(mimic, 'hosp/poe.csv.gz'));
const isTransferOrder = ({ type }: Envelope) => type === 'icu.transfer-ordered';
const labs = (await imported('labs', join(mimic, 'hosp/labevents.csv.gz'))).filter(({ time }) => Date.parse(time) >= labsFrom);
const collected = new Set(labs.filter(({ type }) => type === 'lab.specimen-collected').map(({ data }) => data['order']));
const historyFrom = Date.parse(placements[0]!.time) - HOUR;

const parts: Record<string, Envelope[]> = {
  'mimic-iv-demo': [
    ...placements,
    ...orders.filter((order) => !isTransferOrder(order)),
    ...stepDownOrders(orders.filter(isTransferOrder), stays),
    ...(await imported('ventilation', join(mimic, 'icu/procedureevents.csv.gz'))),
    ...labs.filter(({ data }) => collected.has(data['order'])),
    ...cleaning(site, stays, historyFrom),
  ],
  'or-cases': await imported('or-list', join(data, 'or-utilization-2022q1/or_cases.csv'), orPlan),
  constructed: [...staffing(site), ...contact(historyFrom, replayFrom - HOUR / 12, dayEnd)],
};

/** Sequence grows within a source; it is given anew over all parts, in order of time. */
const rank = new Map<Envelope, number>(Object.values(parts).flat().map((event, index) => [event, index]));
const all = [...rank.keys()].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : rank.get(a)! - rank.get(b)!));
const sequences = new Map<string, number>();
const sequenced = new Map(
  all.map((event) => {
    const sequence = (sequences.get(event.source) ?? 0) + 1;
    sequences.set(event.source, sequence);
    return [event, { ...event, sequence }];
  }),
);

for (const [part, events] of Object.entries(parts)) {
  const own = new Set(events);
  const ofPart = all.filter((event) => own.has(event));
  mkdirSync(join(OUT, part), { recursive: true });
  const write = (name: string, from: number, to: number) => {
    const chosen = ofPart.filter(({ time }) => Date.parse(time) >= from && Date.parse(time) < to);
    const packed = gzipSync(chosen.map((event) => `${JSON.stringify(sequenced.get(event))}\n`).join(''), { level: 9 });
    writeFileSync(join(OUT, part, `${name}.ndjson.gz`), packed);
    process.stdout.write(`${part}/${name}: ${chosen.length} events, ${Math.round(packed.length / 1024)} kB\n`);
  };
  write('history', -Infinity, replayFrom);
  write('day', replayFrom, dayEnd);
}
rmSync(work, { recursive: true });

for (const hour of [0, 6, 9, 12, 15, 18, 23]) {
  const at = midnight.plus({ hours: hour }).toMillis();
  const counts = site.units.map((unit) => `${unit.id} ${stays.filter((stay) => stay.unit === unit.id && stay.from <= at && at < stay.to).length}/${unit.beds.length}`);
  process.stdout.write(`${String(hour).padStart(2, '0')}:00  ${counts.join('  ')}\n`);
}
