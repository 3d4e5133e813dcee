import { z } from 'zod';
import { parseSource, type DomainEvent } from '#shared/events/envelope.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { REGISTERED_BY, SOURCE_STATES } from '#shared/sources.ts';
import { inTransaction, openForReading, type Db } from './open.ts';
import { readableRows, rowsInPages } from './readable-rows.ts';
import { CONFIG_KEY, endHistoryInForce } from './site-config.ts';
import { walDamage } from './wal-gap.ts';

/** A damaged log: `db` shows what SQL can still read; where its write-ahead log has a gap, newer rows lie behind. */
export interface Damaged {
  readonly file: string;
  readonly db: Db;
  readonly gap: boolean;
}

export const openDamaged = (file: string): Damaged => ({ file, db: openForReading(file), gap: walDamage(file) !== undefined });

/** Whether an event is the one that stood under this identity; null: none stood beside it. */
export type IsTrue = (event: DomainEvent, identity: Buffer | null) => boolean;

const time = z.int().nullable();
const figure = z.number().nullable();
const count = z.int().min(0);
const identity = z.instanceof(Buffer).refine((bytes) => bytes.length === 32);

const sourceRow = z.object({
  source_id: count,
  uri: z.string().refine((uri) => parseSource(uri) !== undefined),
  source: z.string(),
  instance: z.string(),
  last_event_time: time,
  first_contact: time,
  last_contact: time,
  state: z.enum(SOURCE_STATES),
  registered_by: z.enum(REGISTERED_BY),
  said_at: time,
  title: z.string().nullable(),
  interval_s: figure,
  silence_limit_s: figure,
  expected_per_hour: figure,
  lag_ms: figure,
  smoothed_lag_ms: figure,
  accepted: count,
  duplicates: count,
  refused: count,
  overflowed: count,
});

const letterRow = z.object({
  dead_letter_id: count,
  received: z.int(),
  reason: z.string().regex(/^[a-z-]{3,40}$/),
  detail: z.string(),
  topic: z.string().nullable(),
  source: z.string().nullable(),
  size: count,
  due: time,
  replayed: time,
  identity: identity.nullable(),
});

const keptEvent = z.object({ source: z.string(), id: z.string(), type: z.string(), time: z.int(), data: z.record(z.string(), z.unknown()) });
const eventText = z.string().refine((text) => eventOf(text) !== undefined);
const heldRow = z.object({ dead_letter_id: count, event: eventText });
const waitingRow = z.object({ quarantined_id: count, source_id: count, identity, topic: z.string().nullable(), event: eventText, received: z.int() });

function eventOf(text: string): DomainEvent | undefined {
  try {
    const event = JSON.parse(text) as unknown;
    return keptEvent.safeParse(event).success ? (event as DomainEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** Rows of a table that make sense: by SQL as far as it reaches, the rest out of the pages. */
function* standing<T extends Record<string, unknown>>({ file, db, gap }: Damaged, to: Db, table: string, schema: z.ZodType<T>): Generator<T> {
  const columns = (to.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
  const key = columns[0]!;
  const seen = new Set<unknown>();
  const rows = readableRows(db, table, key);
  let next = rows.next();
  for (; !next.done; next = rows.next()) {
    const row = schema.safeParse(next.value);
    if (!row.success) continue;
    seen.add(row.data[key]);
    yield row.data;
  }
  if (next.value && !gap) return;
  for (const row of rowsInPages(file, columns, schema)) if (gap || !seen.has(row[key])) yield row;
}

/** Copies what the site says of itself, its document above all; returns whether all of it could be read. */
export function copySite({ db: from, gap }: Damaged, to: Db): boolean {
  const put = to.prepare('INSERT INTO site (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  return inTransaction(to, () => {
    const rows = readableRows(from, 'site', 'key');
    let next = rows.next();
    let sound = true;
    for (; !next.done; next = rows.next()) {
      const { key, value } = next.value;
      // The key's name was written when the new store was made.
      if (key === 'key' || typeof key !== 'string' || typeof value !== 'string') continue;
      if (key === CONFIG_KEY && !isConfig(value)) sound = false;
      else put.run(key, value);
    }
    copySiteChanges(from, to);
    return sound && next.value && !gap;
  });
}

const changeRow = z.object({ version: count.min(1), at: z.int(), who: z.string(), why: z.string(), document: z.string().refine(isConfig), from_file: z.string().startsWith('[') });

/** The history of the site document as far as it can be read; where it ends before the document in force, that is its next version. */
function copySiteChanges(from: Db, to: Db): void {
  const put = to.prepare('INSERT OR REPLACE INTO site_change (version, at, who, why, document, from_file) VALUES (@version, @at, @who, @why, @document, @from_file)');
  for (const row of readableRows(from, 'site_change', 'version')) {
    const change = changeRow.safeParse(row);
    if (change.success) put.run(change.data);
  }
  endHistoryInForce(to, Date.now());
}

function isConfig(text: string): boolean {
  try {
    return siteConfigSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** Copies refused messages' reasons, and events that are held or kept for another reason, under the numbers they had. */
export function copyLetters(damaged: Damaged, to: Db, isTrue: IsTrue): { letters: number; held: number } {
  const forget = ['DELETE FROM held_event WHERE dead_letter_id IN (SELECT dead_letter_id FROM dead_letter WHERE identity = @identity AND dead_letter_id <> @dead_letter_id)', 'DELETE FROM dead_letter WHERE identity = @identity AND dead_letter_id <> @dead_letter_id'].map((sql) => to.prepare(sql));
  const put = to.prepare(`INSERT INTO dead_letter (dead_letter_id, received, reason, detail, topic, source, size, due, replayed, identity)
    VALUES (@dead_letter_id, @received, @reason, @detail, @topic, @source, @size, @due, @replayed, @identity)
    ON CONFLICT (dead_letter_id) DO UPDATE SET received = excluded.received, reason = excluded.reason, detail = excluded.detail, topic = excluded.topic, source = excluded.source,
      size = excluded.size, due = excluded.due, replayed = excluded.replayed, identity = excluded.identity`);
  const letterOf = to.prepare<[number], { identity: Buffer | null }>('SELECT identity FROM dead_letter WHERE dead_letter_id = ? AND replayed IS NULL');
  const hold = to.prepare('INSERT INTO held_event (dead_letter_id, event) VALUES (?, ?) ON CONFLICT DO UPDATE SET event = excluded.event');
  inTransaction(to, () => {
    for (const row of standing(damaged, to, 'dead_letter', letterRow)) {
      if (row.identity) for (const one of forget) one.run(row);
      put.run(row);
    }
  });
  inTransaction(to, () => {
    for (const { dead_letter_id: id, event } of standing(damaged, to, 'held_event', heldRow)) {
      const letter = letterOf.get(id);
      if (letter && isTrue(eventOf(event)!, letter.identity)) hold.run(id, event);
    }
    to.exec('DELETE FROM held_event WHERE dead_letter_id IN (SELECT dead_letter_id FROM dead_letter WHERE replayed IS NOT NULL)');
  });
  const of = (table: string) => (to.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get() as { n: number }).n;
  return { letters: of('dead_letter'), held: of('held_event') };
}

/**
 * Copies the registry of sources over what reading their events made of it, and the events that wait for a decision. A
 * source of which nothing but waiting events can be read is in quarantine: what was decided about it is not known.
 */
export function copySources(damaged: Damaged, to: Db, isTrue: IsTrue): { sources: number; waiting: number } {
  const put = to.prepare(`INSERT INTO ops_event_source (uri, source, instance, last_event_time, first_contact, last_contact, state, registered_by, said_at, title, interval_s, silence_limit_s,
      expected_per_hour, lag_ms, smoothed_lag_ms, accepted, duplicates, refused, overflowed)
    VALUES (@uri, @source, @instance, @last_event_time, @first_contact, @last_contact, @state, @registered_by, @said_at, @title, @interval_s, @silence_limit_s,
      @expected_per_hour, @lag_ms, @smoothed_lag_ms, @accepted, @duplicates, @refused, @overflowed)
    ON CONFLICT (uri) DO UPDATE SET last_event_time = excluded.last_event_time, first_contact = excluded.first_contact, last_contact = excluded.last_contact, state = excluded.state,
      registered_by = excluded.registered_by, said_at = excluded.said_at, title = excluded.title, interval_s = excluded.interval_s, silence_limit_s = excluded.silence_limit_s,
      expected_per_hour = excluded.expected_per_hour, lag_ms = excluded.lag_ms, smoothed_lag_ms = excluded.smoothed_lag_ms, accepted = excluded.accepted,
      duplicates = excluded.duplicates, refused = excluded.refused, overflowed = excluded.overflowed`);
  const known = new Set<string>();
  inTransaction(to, () => {
    for (const row of standing(damaged, to, 'ops_event_source', sourceRow)) {
      const named = parseSource(row.uri)!;
      put.run({ ...row, source: named.source, instance: named.instance });
      known.add(row.uri);
    }
  });
  const quarantine = to.prepare(`INSERT INTO ops_event_source (uri, source, instance, state, registered_by) VALUES (?, ?, ?, 'quarantined', 'contact')
    ON CONFLICT (uri) DO UPDATE SET state = excluded.state, registered_by = excluded.registered_by`);
  const wait = to.prepare('INSERT INTO quarantined_event (source_id, identity, topic, event, received) VALUES ((SELECT source_id FROM ops_event_source WHERE uri = ?), ?, ?, ?, ?) ON CONFLICT (identity) DO NOTHING');
  inTransaction(to, () => {
    for (const { identity: name, topic, event: text, received } of standing(damaged, to, 'quarantined_event', waitingRow)) {
      const event = eventOf(text)!;
      const named = parseSource(event.source);
      if (!named || !isTrue(event, name)) continue;
      if (!known.has(event.source)) quarantine.run(event.source, named.source, named.instance);
      known.add(event.source);
      wait.run(event.source, name, topic, text, received);
    }
    to.exec(COUNT_AGAIN);
  });
  return { sources: known.size, waiting: (to.prepare('SELECT COUNT(*) AS n FROM quarantined_event').get() as { n: number }).n };
}

/** What waits of each source, by what is there. */
const COUNT_AGAIN = `
UPDATE ops_event_source SET
  waiting = (SELECT COUNT(*) FROM quarantined_event q WHERE q.source_id = ops_event_source.source_id),
  waiting_bytes = (SELECT COALESCE(SUM(LENGTH(event)), 0) FROM quarantined_event q WHERE q.source_id = ops_event_source.source_id),
  held = (SELECT COUNT(*) FROM held_event JOIN dead_letter d USING (dead_letter_id) WHERE d.source = uri AND d.due IS NOT NULL),
  held_bytes = (SELECT COALESCE(SUM(LENGTH(event)), 0) FROM held_event JOIN dead_letter d USING (dead_letter_id) WHERE d.source = uri AND d.due IS NOT NULL);
`;
