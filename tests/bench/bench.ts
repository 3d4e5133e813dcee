import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { XServer } from '../rig/x-server.ts';
import { apiRows } from './api.ts';
import { coldStart } from './cold-start.ts';
import { ingest } from './ingest.ts';
import { paint, sustained } from './paint.ts';
import { rebuildRows } from './rebuild.ts';
import { print, ratio, type Row } from './report.ts';
import { sizeRows } from './size.ts';
import { wallRows } from './walls.ts';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, events: { type: 'string', default: '1000000' }, minutes: { type: 'string', default: '10' }, json: { type: 'string' } } });
const dir = mkdtempSync(join(tmpdir(), 'vigil-bench-'));
const tell = (line: string) => process.stderr.write(`  ${line}\n`);

async function withDisplay<T>(work: (display: string) => Promise<T>): Promise<T> {
  const x = await XServer.start(1);
  try {
    return await work(x.display);
  } finally {
    await x.stop();
  }
}

/** Parts of the bench by name; each measures its floor in the same run, since machines are shared and noisy. */
const parts: Record<string, () => Promise<Iterable<Row> | AsyncIterable<Row>>> = {
  ingest: async () => [await ingest(dir, 'embedded'), await ingest(dir, 'mosquitto')],
  api: async () => apiRows(dir, tell),
  walls: async () => wallRows(dir, tell),
  rebuild: async () => rebuildRows(dir, Number(values.events.split(',')[0]), tell),
  paint: () => withDisplay(async (display) => [...(await paint(display, 200)), ...(await paint(display, 1_000)), ...(await paint(display, 5_000))]),
  sustained: () => withDisplay((display) => sustained(display, 5_000, Number(values.minutes))),
  size: async () => sizeRows(dir, values.events.split(',').map(Number), tell),
  'cold-start': () => withDisplay(async (display) => [await coldStart(display, join(dir, 'cold'))]),
};

/** Takes minutes on end: only when asked for by name. */
const LONG: ReadonlySet<string> = new Set(['size', 'sustained']);

const only = values.only?.flatMap((names) => names.split(','));
const unknown = only?.filter((name) => !(name in parts)) ?? [];
if (unknown.length > 0) {
  process.stderr.write(`no part ${unknown.join(', ')} of the bench; there are ${Object.keys(parts).join(', ')}\n`);
  process.exit(2);
}
const rows: Row[] = [];
process.stdout.write(`${cpus().length} x ${cpus()[0]!.model.trim()}, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}\n`);
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (only ? !only.includes(name) : LONG.has(name)) continue;
    tell(name);
    for await (const row of await measure()) {
      print(row);
      rows.push(row);
    }
  }
  if (values.json) writeFileSync(values.json, JSON.stringify(rows.map((row) => ({ ...row, ratio: ratio(row) })), null, 2));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
