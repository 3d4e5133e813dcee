/**
 * Several baselines. A row of `baseline_entity` holds from `baseline` on, up to and without `until` (null: it still
 * holds), so a baseline costs as many rows as entities changed since the one before. `baseline.completed` is null
 * while events are still being folded into it.
 */
export const baselines = `
ALTER TABLE baseline RENAME TO baseline_of_one;
ALTER TABLE baseline_entity RENAME TO baseline_entity_of_one;

CREATE TABLE baseline (
  baseline_id INTEGER PRIMARY KEY,
  horizon INTEGER NOT NULL UNIQUE,
  state_hash TEXT,
  created INTEGER NOT NULL,
  completed INTEGER,
  events_trimmed INTEGER NOT NULL DEFAULT 0
);
INSERT INTO baseline SELECT baseline_id, horizon, state_hash, created, created, events_trimmed FROM baseline_of_one ORDER BY horizon DESC LIMIT 1;

CREATE TABLE baseline_entity (
  baseline_entity_id INTEGER PRIMARY KEY,
  entity INTEGER NOT NULL REFERENCES entity,
  baseline INTEGER NOT NULL,
  until INTEGER,
  state TEXT NOT NULL
);
INSERT INTO baseline_entity (entity, baseline, state) SELECT entity, (SELECT baseline_id FROM baseline), state FROM baseline_entity_of_one;
CREATE UNIQUE INDEX baseline_entity_key ON baseline_entity (entity, baseline);
CREATE INDEX baseline_entity_superseded ON baseline_entity (until) WHERE until IS NOT NULL;

DROP TABLE baseline_entity_of_one;
DROP TABLE baseline_of_one;

CREATE INDEX ops_event_constructed ON ops_event (source_id) WHERE constructed IS NOT NULL;
`;
