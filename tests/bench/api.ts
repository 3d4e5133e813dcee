import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { API_BASE } from '#shared/api/operation.ts';
import { loadEvent } from '../fixtures/load-events.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { freePort } from '../rig/ports.ts';
import { SteadyPublisher } from '../rig/steady-publisher.ts';
import { until } from '../rig/until.ts';
import type { LoadOrder, LoadReport } from './load-worker.ts';
import type { Row } from './report.ts';

const PER_SECOND = 2_000;
const EVENTS_PER_SECOND = 1_000;
const SECONDS = 20;
const CONNECTIONS = 64;
const P99_MS = 50;

/** What walls in browsers, integrations and reports ask, in turn: mostly the present, some of what was kept. */
const MIX = [
  '/overview', '/bed-management?limit=100', '/overview', '/or-status', '/ed-status', '/bed-management?status=available', '/overview', '/lab-status', '/bed-management/units', '/health',
  '/overview', '/bed-management?limit=100', '/imaging-status', '/or-status', '/rcm-status', '/ed-status', '/snapshots/unit/latest', '/kpis?period=hour', '/metrics', '/overview',
].map((path) => API_BASE + path);

async function load(order: Pick<LoadOrder, 'port' | 'paths'>, seconds = SECONDS): Promise<LoadReport> {
  const worker = new Worker(new URL('./load-worker.ts', import.meta.url), { workerData: { ...order, perSecond: PER_SECOND, seconds, connections: CONNECTIONS } satisfies LoadOrder });
  const [report] = (await once(worker, 'message')) as [LoadReport];
  return report;
}

async function bare(sizes: readonly number[]): Promise<LoadReport> {
  const server = new Worker(new URL('./bare-server.ts', import.meta.url), { workerData: sizes });
  try {
    const [port] = (await once(server, 'message')) as [number];
    return await load({ port, paths: sizes.map((_, i) => `/${i}`) });
  } finally {
    await server.terminate();
  }
}

const percentile = ({ latencies }: LoadReport, share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;

/** Mixed reads of the demo hospital while events come in, beside a bare server of the same framework with answers as long. */
export async function apiRows(dir: string, tell: (line: string) => void): Promise<Row[]> {
  const mqttPort = await freePort();
  const core = new CoreProcess(['--demo', '--broker', 'embedded', '--data', join(dir, 'api'), '--port', '0', '--mqtt-port', String(mqttPort)]);
  try {
    const { wall, mqtt } = await core.start();
    await until('the core to be ready', async () => (await fetch(`${wall}${API_BASE}/ready`)).status === 200);
    const order = { port: Number(new URL(wall).port), paths: MIX };
    const publisher = await SteadyPublisher.connect(mqtt);
    const publishing = publisher.send(EVENTS_PER_SECOND * (SECONDS + 5), EVENTS_PER_SECOND, loadEvent);
    // Caches of both programs are warm, and events flow.
    await load(order, 3);
    const ours = await load(order);
    await publishing;
    tell(`${publisher.acknowledged.size} of ${publisher.sent.length} events acknowledged`);
    await publisher.close();
    if (ours.refused > 0) throw new Error(`${ours.refused} of ${ours.latencies.length} requests were refused`);
    const floor = await bare(ours.bytes);
    const row = (share: number, goal: Partial<Row>): Row => ({ what: `${PER_SECOND} reads a second with ${EVENTS_PER_SECOND} events, p${share * 100}`, ours: percentile(ours, share), floor: percentile(floor, share), unit: 'ms', kind: 'cost', ...goal });
    return [row(0.5, {}), row(0.99, { limit: P99_MS })];
  } finally {
    await core.stop();
  }
}
