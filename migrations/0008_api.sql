-- Programs and people who come over HTTP.

-- A token acts for its owner, within its scopes. Only its hash is kept: whoever reads this table cannot use it.
CREATE TABLE api_tokens (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  hash TEXT NOT NULL,                         -- SHA-256 of the token, hex
  scopes TEXT NOT NULL,                       -- JSON list, shared/domain/workspace/token.ts
  user_id TEXT NOT NULL,                      -- its owner
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  revoked_at TEXT,
  revoked_by TEXT,
  last_used_at TEXT,                          -- to the hour
  PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX api_tokens_by_hash ON api_tokens (hash);
CREATE UNIQUE INDEX api_tokens_by_number ON api_tokens (workspace_id, number);

-- With which token the actor came; actor_kind also 'access' and 'token', whose actor_id is the person's.
ALTER TABLE job_events ADD COLUMN token_id TEXT;

-- Idempotency keys of requests over HTTP: the reply that a repeat gets. reply is NULL until there is one.
CREATE TABLE api_replies (
  workspace_id TEXT NOT NULL,
  key TEXT NOT NULL,                          -- the actor's, then what the client sent
  fingerprint TEXT NOT NULL,                  -- SHA-256 of method, path and body, hex
  reply TEXT,                                 -- JSON: status, body
  created_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_replies_by_age ON api_replies (created_at);

-- Who a person of Cloudflare Access is in Slack, as Slack's directory has said.
CREATE TABLE addresses (
  workspace_id TEXT NOT NULL,
  email TEXT NOT NULL,
  user_id TEXT,                               -- NULL: Slack knows nobody by it
  checked_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, email)
) STRICT, WITHOUT ROWID;

-- What people are called, for pages that are not Slack.
CREATE TABLE people (
  workspace_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  checked_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
) STRICT, WITHOUT ROWID;
