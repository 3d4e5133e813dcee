/**
 * The log, what is folded from it, and what stands beside it.
 * `entity` holds current state by (kind, id); `ops_event.entity` points to it, so one entity can be refolded alone.
 */
export const firstLight = `
CREATE TABLE site (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE ops_event_source (
  source_id INTEGER PRIMARY KEY,
  uri TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  instance TEXT NOT NULL,
  first_contact INTEGER NOT NULL,
  last_contact INTEGER NOT NULL,
  last_event_time INTEGER
);

CREATE TABLE entity (
  entity_id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  state TEXT,
  open INTEGER NOT NULL DEFAULT 1,
  changed INTEGER NOT NULL
);
CREATE UNIQUE INDEX entity_key ON entity (kind, id);
CREATE INDEX entity_recent ON entity (open, changed);

CREATE TABLE ops_event (
  position INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES ops_event_source,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  time INTEGER NOT NULL,
  sequence INTEGER,
  entity INTEGER NOT NULL REFERENCES entity,
  constructed TEXT,
  data TEXT NOT NULL,
  hash BLOB NOT NULL,
  received INTEGER NOT NULL
);
CREATE UNIQUE INDEX ops_event_identity ON ops_event (source_id, id);
CREATE INDEX ops_event_entity ON ops_event (entity, time);
CREATE INDEX ops_event_time ON ops_event (time);

CREATE TABLE dead_letter (
  dead_letter_id INTEGER PRIMARY KEY,
  received INTEGER NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  topic TEXT,
  source TEXT,
  size INTEGER NOT NULL,
  due INTEGER,
  replayed INTEGER
);
CREATE INDEX dead_letter_reason ON dead_letter (reason, received);
CREATE INDEX dead_letter_due ON dead_letter (due) WHERE due IS NOT NULL AND replayed IS NULL;

CREATE TABLE baseline (
  baseline_id INTEGER PRIMARY KEY,
  horizon INTEGER NOT NULL,
  state_hash TEXT NOT NULL,
  created INTEGER NOT NULL,
  events_trimmed INTEGER NOT NULL
);
CREATE TABLE baseline_entity (
  entity INTEGER PRIMARY KEY REFERENCES entity,
  state TEXT NOT NULL
);

CREATE TABLE metric_sample (
  series TEXT NOT NULL,
  at INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (series, at)
) WITHOUT ROWID;
`;
