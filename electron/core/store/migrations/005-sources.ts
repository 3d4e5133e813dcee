/**
 * Sources: who may speak, at what pace, and how each does. A source may be registered before it is first heard, so
 * contacts may be null. `dead_letter.identity` is SHA-256 of source, id and body of an event that was understood:
 * the same one delivered again is not kept twice.
 */
export const sourceRegistry = `
ALTER TABLE ops_event_source ADD COLUMN first_heard INTEGER;
ALTER TABLE ops_event_source ADD COLUMN last_heard INTEGER;
UPDATE ops_event_source SET first_heard = first_contact, last_heard = last_contact;
ALTER TABLE ops_event_source DROP COLUMN first_contact;
ALTER TABLE ops_event_source DROP COLUMN last_contact;
ALTER TABLE ops_event_source RENAME COLUMN first_heard TO first_contact;
ALTER TABLE ops_event_source RENAME COLUMN last_heard TO last_contact;
ALTER TABLE ops_event_source ADD COLUMN state TEXT NOT NULL DEFAULT 'registered';
ALTER TABLE ops_event_source ADD COLUMN registered_by TEXT NOT NULL DEFAULT 'contact';
ALTER TABLE ops_event_source ADD COLUMN said_at INTEGER;
ALTER TABLE ops_event_source ADD COLUMN title TEXT;
ALTER TABLE ops_event_source ADD COLUMN interval_s REAL;
ALTER TABLE ops_event_source ADD COLUMN silence_limit_s REAL;
ALTER TABLE ops_event_source ADD COLUMN expected_per_hour REAL;
ALTER TABLE ops_event_source ADD COLUMN lag_ms INTEGER;
ALTER TABLE ops_event_source ADD COLUMN smoothed_lag_ms REAL;
ALTER TABLE ops_event_source ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ops_event_source ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ops_event_source ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ops_event_source ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ops_event_source ADD COLUMN waiting_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ops_event_source ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ops_event_source ADD COLUMN held_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ops_event_source ADD COLUMN overflowed INTEGER NOT NULL DEFAULT 0;

UPDATE ops_event_source SET
  accepted = (SELECT COUNT(*) FROM ops_event e WHERE e.source_id = ops_event_source.source_id),
  held = (SELECT COUNT(*) FROM held_event JOIN dead_letter d USING (dead_letter_id) WHERE d.source = ops_event_source.uri),
  held_bytes = (SELECT COALESCE(SUM(LENGTH(event)), 0) FROM held_event JOIN dead_letter d USING (dead_letter_id) WHERE d.source = ops_event_source.uri);
UPDATE ops_event_source SET
  title = (SELECT state ->> '$.title' FROM entity WHERE kind = 'source' AND id = instance),
  interval_s = (SELECT state ->> '$.intervalSeconds' FROM entity WHERE kind = 'source' AND id = instance),
  silence_limit_s = (SELECT state ->> '$.silenceLimitSeconds' FROM entity WHERE kind = 'source' AND id = instance),
  expected_per_hour = (SELECT state ->> '$.expectedPerHour' FROM entity WHERE kind = 'source' AND id = instance);

CREATE TABLE quarantined_event (
  quarantined_id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES ops_event_source,
  identity BLOB NOT NULL UNIQUE,
  topic TEXT,
  event TEXT NOT NULL,
  received INTEGER NOT NULL
);
CREATE INDEX quarantined_event_source ON quarantined_event (source_id, quarantined_id);

ALTER TABLE dead_letter ADD COLUMN identity BLOB;
CREATE UNIQUE INDEX dead_letter_identity ON dead_letter (identity) WHERE identity IS NOT NULL;
`;

/** What events in quarantine say of people: it reaches a person's record when their source is accepted, not before. */
export const quarantinedFacts = `
CREATE TABLE quarantined_facts (
  identity BLOB PRIMARY KEY,
  facts BLOB NOT NULL
) WITHOUT ROWID;
`;
