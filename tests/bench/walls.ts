import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { API_BASE } from '#shared/api/operation.ts';
import { HospitalTraffic } from '../fixtures/hospital-traffic.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { freePort } from '../rig/ports.ts';
import { SteadyPublisher } from '../rig/steady-publisher.ts';
import { until } from '../rig/until.ts';
import type { Row } from './report.ts';
import type { WallsOrder, WallsReport } from './walls-worker.ts';

const WALLS = 500;
const EVENTS_PER_SECOND = 1_000;
const WARM_MS = 5_000;
const MEASURE_MS = 20_000;
const VIEWS: WallsOrder['views'] = [{ view: 'frame', params: {} }, { view: 'overview', params: {} }, { view: 'floorplan', params: { plan: 'critical-care' } }];
/** Linux counts a process's time in these. */
const TICKS_PER_SECOND = 100;

interface Measured extends WallsReport {
  /** Share of one processor that the server took. */
  readonly cpu: number;
}

function cpuSeconds(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13).map(Number) as [number, number];
  return (user + system) / TICKS_PER_SECOND;
}

async function measure(pid: number, order: Pick<WallsOrder, 'url' | 'views'>): Promise<Measured> {
  const worker = new Worker(new URL('./walls-worker.ts', import.meta.url), { workerData: { ...order, walls: WALLS, warmMs: WARM_MS, measureMs: MEASURE_MS } satisfies WallsOrder });
  await once(worker, 'message');
  await new Promise((resolve) => setTimeout(resolve, WARM_MS));
  const before = cpuSeconds(pid);
  const [report] = (await once(worker, 'message')) as [WallsReport];
  const cpu = (cpuSeconds(pid) - before) / (MEASURE_MS / 1_000);
  await worker.terminate();
  return { ...report, cpu };
}

async function bare({ messages, bytes }: WallsReport): Promise<Measured> {
  const child = fork(new URL('./bare-broadcast.ts', import.meta.url), [String(Math.round(bytes / messages)), String(MEASURE_MS / (messages / WALLS))]);
  try {
    const [port] = (await once(child, 'message')) as [number];
    return await measure(child.pid!, { url: `ws://127.0.0.1:${port}`, views: [VIEWS[0]!] });
  } finally {
    child.kill();
  }
}

const percentile = ({ latencies }: WallsReport, share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;

/** Walls in browsers on one core while events come in, beside a bare server that broadcasts as many bytes as often. */
export async function wallRows(dir: string, tell: (line: string) => void): Promise<Row[]> {
  const core = new CoreProcess(['--broker', 'embedded', '--data', join(dir, 'walls'), '--port', '0', '--mqtt-port', String(await freePort()), '--config', join(import.meta.dirname, '../../resources/sites/sample.yaml')]);
  try {
    const { wall, mqtt } = await core.start();
    await until('the core to be ready', async () => (await fetch(`${wall}${API_BASE}/ready`)).status === 200);
    const publisher = await SteadyPublisher.connect(mqtt);
    const traffic = new HospitalTraffic();
    let going = true;
    const publishing = (async () => {
      while (going) await publisher.send(EVENTS_PER_SECOND / 10, EVENTS_PER_SECOND, (_, time) => traffic.next(time));
    })();
    const ours = await measure(core.pid!, { url: `${wall.replace('http', 'ws')}/link`, views: VIEWS });
    going = false;
    await publishing;
    await publisher.close();
    tell(`${Math.round(ours.messages / (MEASURE_MS / 1_000))} messages a second of ${Math.round(ours.bytes / ours.messages)} bytes`);
    const floor = await bare(ours);
    const what = `${WALLS} walls at ${EVENTS_PER_SECOND} events a second`;
    const row = (share: number): Row => ({ what: `${what}, published to received, p${share * 100}`, ours: percentile(ours, share), floor: percentile(floor, share), unit: 'ms', kind: 'cost' });
    return [row(0.5), row(0.99), { what: `${what}, share of a processor`, ours: ours.cpu * 100, floor: floor.cpu * 100, unit: '%', kind: 'cost' }];
  } finally {
    await core.stop();
  }
}
