import type { EntityKind } from '#shared/events/define.ts';
import { parseSource, type DomainEvent } from '#shared/events/envelope.ts';
import { isDamage } from './damage.ts';
import type { Db } from './open.ts';
import { openForReading } from './open.ts';
import { rawRows, type RawValue } from './raw-rows.ts';

/** An event found in a damaged file; true to its sender only if its hash is the one that stands beside it. */
export interface Found {
  readonly event: DomainEvent;
  readonly hash: Buffer;
  readonly received: number;
}

const text = (value: RawValue | undefined): value is string => typeof value === 'string';
const number = (value: RawValue | undefined): value is number => typeof value === 'number';

/** Names of the sources that rows of a damaged log refer to, by row number. */
function sourcesOf(file: string): Map<number, string> {
  const uris = new Map<number, string>();
  for (const { rowid, values } of rawRows(file)) {
    const uri = values[1];
    if (values[0] === null && text(uri) && parseSource(uri) && parseSource(uri)!.source === values[2]) uris.set(rowid, uri);
  }
  return uris;
}

/** Events that can be read out of a damaged log, in no order, some more than once. */
export function* foundEvents(file: string): Generator<Found> {
  const sources = sourcesOf(file);
  for (const { values } of rawRows(file)) {
    const [none, source, id, type, time, sequence, entity, constructed, data, hash, received] = values;
    if (none !== null || !number(source) || !text(id) || !text(type) || !number(time) || !number(entity) || !text(data) || !number(received)) continue;
    if (!(hash instanceof Buffer) || hash.length !== 32 || !(sequence === null || number(sequence)) || !(constructed === null || text(constructed))) continue;
    const uri = sources.get(source);
    const parsed = uri === undefined ? undefined : json(data);
    if (parsed === undefined) continue;
    yield { event: { source: uri!, id, type, time, ...(number(sequence) ? { sequence } : {}), ...(text(constructed) ? { constructed } : {}), data: parsed }, hash, received };
  }
}

function json(data: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(data) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/**
 * Copies the newest baseline and the site's own rows out of a damaged log into an empty one, by SQL; true if there
 * was a baseline and all of it could be read, false if there was none. Throws where the file cannot be read.
 */
export function copyBaseline(file: string, to: Db): boolean {
  const from = openForReading(file);
  try {
    return to.transaction(() => {
      const put = to.prepare('INSERT INTO site (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
      for (const { key, value } of from.prepare<[], { key: string; value: string }>('SELECT key, value FROM site').all()) put.run(key, value);
      const baseline = from.prepare<[], { baseline_id: number; horizon: number; created: number; events_trimmed: number }>('SELECT * FROM baseline ORDER BY horizon DESC LIMIT 1').get();
      if (!baseline) return false;
      const addEntity = to.prepare('INSERT INTO entity (kind, id, changed) VALUES (?, ?, ?)');
      const addState = to.prepare('INSERT INTO baseline_entity (entity, baseline, state) VALUES (?, 1, ?)');
      const rows = from.prepare<[], { kind: EntityKind; id: string; changed: number; state: string }>('SELECT kind, id, changed, b.state FROM baseline_entity b JOIN entity ON entity_id = b.entity WHERE b.until IS NULL');
      for (const { kind, id, changed, state } of rows.iterate()) addState.run(addEntity.run(kind, id, Math.min(changed, baseline.horizon)).lastInsertRowid, state);
      to.prepare('INSERT INTO baseline (baseline_id, horizon, created, events_trimmed) VALUES (1, ?, ?, ?)').run(baseline.horizon, baseline.created, baseline.events_trimmed);
      return true;
    })();
  } finally {
    from.close();
  }
}

/** Copies persons out of a damaged vault, from both ends up to the damage; returns how many. Their seal is judged when they are read. */
export function copyPersons(file: string, to: Db): number {
  const put = to.prepare('INSERT INTO person (pseudonym, record, updated) VALUES (?, ?, ?) ON CONFLICT (pseudonym) DO UPDATE SET record = excluded.record, updated = excluded.updated WHERE excluded.updated >= person.updated');
  const seen = new Set<string>();
  let from: Db;
  try {
    from = openForReading(file);
  } catch {
    return 0;
  }
  try {
    for (const order of ['ASC', 'DESC']) {
      const page = order === 'ASC' ? '> ? ORDER BY pseudonym ASC' : '< ? ORDER BY pseudonym DESC';
      let last = order === 'ASC' ? '' : '\u{10ffff}';
      try {
        const next = from.prepare<[string], { pseudonym: string; record: Buffer; updated: number }>(`SELECT pseudonym, record, updated FROM person WHERE pseudonym ${page} LIMIT 1`);
        for (let row = next.get(last); row && !seen.has(row.pseudonym); row = next.get(last)) {
          put.run(row.pseudonym, row.record, row.updated);
          seen.add(row.pseudonym);
          last = row.pseudonym;
        }
      } catch (error) {
        // From this end it can be read up to the damage; the other end may reach further.
        if (!isDamage(error)) throw error;
      }
    }
  } finally {
    from.close();
  }
  return seen.size;
}
