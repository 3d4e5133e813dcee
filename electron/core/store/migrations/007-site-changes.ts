/**
 * The site document as it was said, by version: row 1 is the first change that was kept. `at` is epoch ms of the
 * machine's clock; `from_file` lists the settings that a file said. The document in force, with its defaults, stands in
 * `site` under `config`.
 */
export const siteChanges = `
CREATE TABLE site_change (
  version INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  document TEXT NOT NULL,
  from_file TEXT NOT NULL
);
`;
