/**
 * Which event types each source tells, as a JSON object of type and newest event time: numbers made of a type are as
 * old as who tells it. Of a store from before, what its newest events show.
 */
export const sourceTypes = `
ALTER TABLE ops_event_source ADD COLUMN types TEXT NOT NULL DEFAULT '{}';
UPDATE ops_event_source SET types = told.types FROM (
  SELECT source_id, json_group_object(type, newest) AS types FROM (
    SELECT source_id, type, MAX(time) AS newest FROM ops_event WHERE position > (SELECT MAX(position) FROM ops_event) - 200000 GROUP BY source_id, type
  ) GROUP BY source_id
) AS told WHERE told.source_id = ops_event_source.source_id;
`;
