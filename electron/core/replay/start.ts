import { existsSync } from 'node:fs';
import { replayClock, type Clock } from '../clock/clock.ts';
import type { Serving } from '../options.ts';
import { listFiles, shipped } from '../shipped.ts';
import type { StoreOptions } from '../store/site-store.ts';
import { beginning, prepareReplay, readRecording, recording, recordingDir, type RecordedEvent, type Replay } from './real-day.ts';

const REPLAY_SPEED = 60;

/** The recording of a folder, or of one that comes with Vigil by its name. Throws where there is none. */
export async function loadReplay(name: string): Promise<Replay> {
  const resources = shipped('resources');
  const dir = existsSync(name) || !resources ? name : recordingDir(resources, name);
  const parts = recording(listFiles(dir));
  const day = await readRecording(parts.day);
  if (day.length === 0) throw new Error(`${dir} holds no recording: a *day*.ndjson.gz is needed.`);
  return { day, history: parts.history };
}

/** Prepares the store of a replay and sets its clock; `rest`: what is still to be published. */
export async function startReplay(flags: Serving, options: StoreOptions, replay: Replay, config: Parameters<typeof prepareReplay>[1], log: (line: string) => void): Promise<{ clock: Clock; rest: RecordedEvent[] }> {
  log('preparing the recorded day');
  const begin = beginning(replay.day[0]!.time, flags.begin, config.timezone);
  const start = await prepareReplay(options, config, replay, begin);
  // What falls due while the links come up is sent with them, not left out.
  return { clock: replayClock(start, flags.speed ?? REPLAY_SPEED, replay.day.at(-1)!.time), rest: replay.day.filter(({ time }) => time >= start) };
}
