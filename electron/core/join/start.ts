import { DEFAULT_STATION, type Serving } from '../options.ts';
import { newestBaseline } from '../store/baselines.ts';
import { readJoined } from '../store/joined.ts';
import { openForReading } from '../store/open.ts';
import type { Answer, Ask } from '../store/writer-protocol.ts';
import { Join } from './join.ts';

/** Throws, saying what to do, when a station cannot join with these flags. */
export function checkJoin({ join, broker, station, replay, demo }: Pick<Serving, 'join' | 'broker' | 'station' | 'replay' | 'demo'>): void {
  if (join === undefined) return;
  if (replay !== undefined || demo) throw new Error('A station that joins shows what the hub has: leave out --replay and --demo.');
  if (broker === 'embedded') throw new Error('A station that joins hears what is new from the broker of its hub: give --broker URL, or name it in station.yaml.');
  if (station === DEFAULT_STATION) throw new Error(`A station that joins needs a name of its own on the broker: give --station NAME, or name it in station.yaml, other than "${DEFAULT_STATION}".`);
}

/** Joins the hub that `--join` names, with the token in VIGIL_TOKEN. `file`: this station's open log. */
export function startJoin(url: string, file: string, parts: { id: { tenant: string; site: string }; live: () => boolean; ask: (ask: Ask) => Promise<Answer>; log: (line: string) => void }): { join: Join; close(): Promise<void> } {
  const db = openForReading(file);
  const key = db.prepare<[], string>("SELECT value FROM site WHERE key = 'key'").pluck().get()!;
  const baseline = () => {
    const newest = newestBaseline(db);
    return newest?.completed == null ? null : newest.state_hash;
  };
  const join = new Join({ ...parts, file, url, token: process.env['VIGIL_TOKEN'], key, joined: readJoined(db), baseline });
  return {
    join,
    close: async () => {
      await join.close();
      db.close();
    },
  };
}
