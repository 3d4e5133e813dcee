import type { EntityKind } from '#shared/events/define.ts';
import { parseSource, type DomainEvent } from '#shared/events/envelope.ts';
import { isDamage } from './damage.ts';
import { inTransaction, type Db } from './open.ts';
import { rawRows, type RawValue } from './raw-rows.ts';
import { readableRows } from './readable-rows.ts';
import type { Damaged } from './salvage-standing.ts';

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
 * Copies the newest baseline out of a damaged log into an empty one. Its horizon holds also where its states cannot be
 * read: what lay before it is no more in the log, and must not be taken for new. `partly`: some states, or all, are lost;
 * `lost`: nobody knows whether there was a baseline.
 */
export function copyBaseline({ db: from }: Damaged, to: Db): 'kept' | 'none' | 'partly' | 'lost' {
  const rows = readableRows(from, 'baseline', 'horizon');
  const found: Record<string, unknown>[] = [];
  let next = rows.next();
  for (; !next.done; next = rows.next()) found.push(next.value);
  const newest = found.filter(({ horizon }) => typeof horizon === 'number').sort((a, b) => (b['horizon'] as number) - (a['horizon'] as number))[0];
  if (!newest) return next.value ? 'none' : 'lost';
  const horizon = newest['horizon'] as number;
  to.prepare('INSERT INTO baseline (baseline_id, horizon, created, events_trimmed) VALUES (1, ?, ?, ?)').run(horizon, newest['created'], newest['events_trimmed']);
  return copyStates(from, to, horizon) && next.value ? 'kept' : 'partly';
}

function copyStates(from: Db, to: Db, horizon: number): boolean {
  const addEntity = to.prepare('INSERT INTO entity (kind, id, changed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const addState = to.prepare('INSERT INTO baseline_entity (entity, baseline, state) VALUES (?, 1, ?)');
  return inTransaction(to, () => {
    const rows = readableRows(from, 'baseline_entity', 'baseline_entity_id');
    let all = true;
    let next = rows.next();
    for (; !next.done; next = rows.next()) {
      const { entity, until, state } = next.value;
      if (until !== null || typeof state !== 'string') continue;
      const row = entityOf(from, entity);
      const added = row && json(state) ? addEntity.run(row.kind, row.id, Math.min(row.changed, horizon)) : undefined;
      if (added?.changes) addState.run(added.lastInsertRowid, state);
      else all = false;
    }
    return all && next.value;
  });
}

function entityOf(from: Db, entity: unknown): { kind: EntityKind; id: string; changed: number } | undefined {
  try {
    return from.prepare<[unknown], { kind: EntityKind; id: string; changed: number }>('SELECT kind, id, changed FROM entity WHERE entity_id = ?').get(entity);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return undefined;
  }
}
