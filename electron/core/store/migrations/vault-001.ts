/** Personal data, encrypted, one record a person; and the capped bodies of refused messages, which may hold some. */
export const vaultFirst = `
CREATE TABLE person (
  pseudonym TEXT PRIMARY KEY,
  record BLOB NOT NULL,
  updated INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE dead_letter_body (
  dead_letter_id INTEGER PRIMARY KEY,
  body BLOB NOT NULL,
  expires INTEGER NOT NULL
);
`;
