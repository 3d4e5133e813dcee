/**
 * What somebody outside Vigil has dealt with, beside the log and no part of state. A mark goes with its event, so that
 * the position can be given anew.
 */
export const eventMarks = `
CREATE TABLE event_mark (
  position INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL
);
CREATE TRIGGER event_mark_gone AFTER DELETE ON ops_event BEGIN DELETE FROM event_mark WHERE position = OLD.position; END;
`;
