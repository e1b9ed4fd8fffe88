-- What asks to act for a person by `cv login`, until somebody confirms it: of no workspace before.
CREATE TABLE logins (
  code TEXT NOT NULL,                         -- shown in the terminal, and compared or typed at the portal
  hash TEXT NOT NULL,                         -- SHA-256 of the token that the terminal has made, hex
  device TEXT NOT NULL,                       -- what the terminal calls itself
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  confirmed_at TEXT,
  declined_at TEXT,
  PRIMARY KEY (code)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX logins_by_hash ON logins (hash);
CREATE INDEX logins_by_age ON logins (expires_at);
