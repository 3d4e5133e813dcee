/** Events ahead of the clock, already without personal values, until the clock has caught up with them. */
export const heldEvents = `
CREATE TABLE held_event (
  dead_letter_id INTEGER PRIMARY KEY REFERENCES dead_letter,
  event TEXT NOT NULL
);
`;
