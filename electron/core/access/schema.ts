/** Schema of a site's access file, step by step. */
export const ACCESS_MIGRATIONS: readonly string[] = [
  `
CREATE TABLE site (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE audit_log (
  seq INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  action TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_from TEXT NOT NULL,
  outcome TEXT NOT NULL,
  subject TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_log_actor ON audit_log (actor_name, seq);
CREATE INDEX audit_log_action ON audit_log (action, seq);

CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit trail is not changed'); END;
CREATE TRIGGER audit_log_whole BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'nothing is taken out of the audit trail'); END;
CREATE TRIGGER audit_log_grows BEFORE INSERT ON audit_log WHEN NEW.seq <= (SELECT MAX(seq) FROM audit_log)
BEGIN SELECT RAISE(ABORT, 'the audit trail grows at its end alone'); END;

CREATE TABLE audit_head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL, seal BLOB NOT NULL) STRICT;

CREATE TABLE user (
  user_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  roles TEXT NOT NULL,
  password TEXT,
  pin TEXT,
  badge BLOB UNIQUE,
  disabled INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  last_login INTEGER
) STRICT;

CREATE TABLE session (
  session_id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  user_id INTEGER NOT NULL REFERENCES user,
  method TEXT NOT NULL,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  idle_ms INTEGER NOT NULL,
  ends INTEGER NOT NULL,
  glass_until INTEGER
) STRICT;
CREATE INDEX session_user ON session (user_id);

CREATE TABLE token (
  token_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  hash BLOB NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  last_used INTEGER,
  revoked INTEGER
) STRICT;

CREATE TABLE attempt (who TEXT PRIMARY KEY, failures INTEGER NOT NULL, until INTEGER NOT NULL, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_last ON attempt (last);
`,
  // Who an identity provider vouches for, by issuer and subject: its names may be given to somebody else.
  `
ALTER TABLE user ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX user_subject ON user (subject);
`,
  // What stands for the rows of the trail that were forgotten; only those may be taken out.
  `
CREATE TABLE audit_anchor (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  at INTEGER NOT NULL,
  days REAL NOT NULL,
  seal BLOB NOT NULL
) STRICT;

DROP TRIGGER audit_log_whole;
CREATE TRIGGER audit_log_whole BEFORE DELETE ON audit_log WHEN OLD.seq > COALESCE((SELECT seq FROM audit_anchor), 0)
BEGIN SELECT RAISE(ABORT, 'nothing is taken out of the audit trail but what its anchor stands for'); END;
`,
  // What an account was before the site document named it: {"roles", "disabled"}, {} if it was not there, {"out": true} once it is named no more.
  `
ALTER TABLE user ADD COLUMN appointed TEXT;
`,
  // Counted here, so that whoever writes to the file is counted.
  `
ALTER TABLE user ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE TRIGGER user_changes AFTER UPDATE OF roles, password, pin, badge, disabled ON user
WHEN OLD.roles <> NEW.roles OR OLD.password IS NOT NEW.password OR OLD.pin IS NOT NEW.pin OR OLD.badge IS NOT NEW.badge OR OLD.disabled <> NEW.disabled
BEGIN UPDATE user SET version = OLD.version + 1 WHERE user_id = NEW.user_id; END;
`,
  // The thread that reads the trail identifies who asks: it must not walk through all of it.
  `
CREATE INDEX audit_log_time ON audit_log (time);
CREATE INDEX audit_log_outcome ON audit_log (outcome, seq);
`,
];
