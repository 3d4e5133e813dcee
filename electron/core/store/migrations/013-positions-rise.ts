/**
 * `baseline.through` is the highest position of an event that was trimmed: behind it nothing is missing, whatever gaps the
 * positions have. A body that takes an identity over stands at a new position; a mark on the one before says nothing of it.
 */
export const positionsRise = `
ALTER TABLE baseline ADD COLUMN through INTEGER NOT NULL DEFAULT 0;
UPDATE baseline SET through = IFNULL(
  (SELECT e.position - 1 FROM ops_event e WHERE NOT EXISTS (SELECT 1 FROM ops_event b WHERE b.position = e.position - 1) ORDER BY e.position DESC LIMIT 1), 0)
  WHERE horizon = (SELECT MAX(horizon) FROM baseline);
CREATE TRIGGER event_mark_outdated AFTER UPDATE OF position ON ops_event BEGIN DELETE FROM event_mark WHERE position = OLD.position; END;
`;
