-- Sign in with Slack: what a browser begins, until Slack sends it back. Of no workspace before.
CREATE TABLE sign_in_attempts (
  hash TEXT NOT NULL,                         -- SHA-256 of the state that Slack gives back, hex
  browser TEXT NOT NULL,                      -- SHA-256 of the cookie of the browser that began it, hex
  nonce TEXT NOT NULL,                        -- what Slack's identity token has to repeat
  return_to TEXT NOT NULL,                    -- the page to show after it
  expires_at TEXT NOT NULL,
  PRIMARY KEY (hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (expires_at);

-- Who is signed in at the portal with Slack: a row for each browser.
CREATE TABLE sign_ins (
  hash TEXT NOT NULL,                         -- SHA-256 of the cookie, hex
  id TEXT NOT NULL,                           -- names it in live connections
  workspace_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,                   -- later with each use, up to a limit from created_at
  PRIMARY KEY (hash)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sign_ins_by_id ON sign_ins (workspace_id, id);
CREATE INDEX sign_ins_by_person ON sign_ins (workspace_id, user_id);
CREATE INDEX sign_ins_by_age ON sign_ins (expires_at);
